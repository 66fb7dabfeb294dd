"""What the comments room remembers: one noun a file."""

from comments.models.bulk import Bulk
from comments.models.claim import Claim
from comments.models.comment import Comment, Status
from comments.models.decision import Action, Decision, Ground
from comments.models.desk_settings import DeskSettings
from comments.models.discussion import Discussion, Mode
from comments.models.export_run import ExportRun
from comments.models.finding import Finding
from comments.models.imprint import Imprint
from comments.models.limit import LimitCount
from comments.models.note import Note
from comments.models.reader import Reader
from comments.models.recount import Recount
from comments.models.report import Reason, Report, ReportState
from comments.models.revision import Revision
from comments.models.saved_view import SavedView
from comments.models.skip import Skip
from comments.models.standing import Standing
from comments.models.trace import Trace
from comments.models.wordlist import WordList

__all__ = [
    "Action",
    "Bulk",
    "Claim",
    "Comment",
    "Decision",
    "DeskSettings",
    "Discussion",
    "ExportRun",
    "Finding",
    "Ground",
    "Imprint",
    "LimitCount",
    "Mode",
    "Note",
    "Reader",
    "Reason",
    "Recount",
    "Report",
    "ReportState",
    "Revision",
    "SavedView",
    "Skip",
    "Standing",
    "Status",
    "Trace",
    "WordList",
]
