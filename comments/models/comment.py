from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models.constraints import length_between

if TYPE_CHECKING:
    from comments.models.discussion import Discussion

NAME_MAX = 60
TEXT_MAX = 5000


class Status(models.TextChoices):
    PENDING = "PENDING", _("Pending")
    FLAGGED = "FLAGGED", _("Second look")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


def new_public_id() -> int:
    """A random number of 53 bits, exact in JavaScript. A running number would count the hidden comments."""
    return secrets.randbits(53) or 1


def name_as_shown(author_name: str) -> str:
    """The name as readers see it; an imported comment may have none."""
    return author_name or str(pgettext_lazy("a reader without a name", "Reader"))


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> Self:
        """The only door to what readers may see (promise 1)."""
        return self.filter(status=Status.APPROVED)

    def of(self, discussion: Discussion) -> Self:
        return self.filter(discussion=discussion)

    def visible_newest_of(self, discussion: Discussion) -> Self:
        """The visible comments of one discussion, the newest first, as the index of its comments has them.

        By a range of one status: where it is equal, PostgreSQL takes the index of all that is visible, and under
        an article that was loud years ago reads all that was written since.
        """
        rows = self.of(discussion).filter(status__gte=Status.APPROVED, status__lte=Status.APPROVED)
        return rows.order_by("-status", "-submitted_at", "-pk")

    def branches(self) -> Self:
        """Tops of branches: comments that answer no other."""
        return self.filter(depth=0)

    def standing_in_the_thread(self) -> Self:
        """Branches a reader meets: visible, or gone with a visible answer below."""
        return self.filter(IN_THREAD)

    def in_branch_order(self) -> Self:
        """Answers oldest first, each followed by those that hang below it.

        Depth before the public number: an export may know minutes only, and an answer never stands before what it
        answers.
        """
        return self.order_by(Coalesce("limb_id", "id"), "submitted_at", "depth", "public_id")

    def awaiting_validation(self) -> Self:
        return self.filter(status=Status.PENDING)

    def oldest_first(self) -> Self:
        return self.order_by("submitted_at", "pk")


# Written once: the partial indexes and the queries must say the same words to meet. A top is known by its depth: of an
# empty `root` SQLite believes, after ANALYZE, that there are as few as of any other, and seeks half the table by it.
IN_THREAD = Q(depth=0) & (Q(status=Status.APPROVED) | Q(visible_answers__gt=0))


class Comment(models.Model):
    """One reader's text under an article; may answer another.

    `root` is the top of its branch, `limb` the answer of depth 1 it hangs under; both empty for the top itself.
    `version` moves at each change of status or text and at each decision, never at a claim, a note or a report.
    `status`, `version`, `decided_at` and `visible_answers` are written by `comments.decisions` alone.
    """

    public_id = models.PositiveBigIntegerField(_("public number"), unique=True, default=new_public_id, editable=False)
    discussion = models.ForeignKey(
        "comments.Discussion", models.PROTECT, related_name="comments", db_index=False, verbose_name=_("discussion")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        db_index=False,
        verbose_name=_("answers"),
    )
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    limb = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    depth = models.PositiveIntegerField(default=0)
    reader = models.ForeignKey(
        "comments.Reader",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        db_index=False,
        verbose_name=_("reader"),
    )
    author_name = models.CharField(_("name"), max_length=NAME_MAX, blank=True)
    text = models.TextField(_("text"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDING)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_suspect = models.BooleanField(
        _("suspect"), default=False, help_text=_("Waits in the queue Suspects: honeypot, link or repeat findings.")
    )
    submitted_at = models.DateTimeField(_("written"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    visible_answers = models.PositiveIntegerField(_("visible answers"), default=0)
    # SHA-256 of what makes two posts the same (promise 2); for an imported comment, of its place in the source.
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("a reader's text", "comment")
        verbose_name_plural = _("comments")
        permissions = [("decide_comment", "Can decide on comments")]
        constraints = [
            models.CheckConstraint(name="comment_status_known", condition=Q(status__in=Status.values)),
            length_between("text", 1, TEXT_MAX, name="comment_text_length"),
            length_between("author_name", 0, NAME_MAX, name="comment_name_length"),
            models.CheckConstraint(
                name="comment_top_or_answer",
                condition=Q(parent__isnull=True, root__isnull=True, limb__isnull=True, depth=0)
                | Q(parent__isnull=False, root__isnull=False, limb__isnull=True, depth=1)
                | Q(parent__isnull=False, root__isnull=False, limb__isnull=False, depth__gte=2),
            ),
        ]
        indexes = [
            # One a queue, without the column that tells them apart, and comment_submitted below with the key: else
            # PostgreSQL reads all comments in that one's order, decided ones first. The discussion is for filters.
            models.Index(
                fields=["submitted_at", "id", "discussion"],
                name="comment_pending",
                condition=Q(status=Status.PENDING, is_suspect=False),
            ),
            models.Index(
                fields=["submitted_at", "id", "discussion"],
                name="comment_suspects",
                condition=Q(status=Status.PENDING, is_suspect=True),
            ),
            models.Index(fields=["decided_at", "id"], name="comment_flagged", condition=Q(status=Status.FLAGGED)),
            models.Index(fields=["-decided_at", "-id"], name="comment_rejected", condition=Q(status=Status.REJECTED)),
            models.Index(fields=["-decided_at", "-id"], name="comment_approved", condition=Q(status=Status.APPROVED)),
            models.Index(
                fields=["discussion", "submitted_at", "public_id"], name="comment_thread", condition=IN_THREAD
            ),
            models.Index(
                fields=["discussion", "visible_answers", "submitted_at", "public_id"],
                name="comment_thread_answered",
                condition=IN_THREAD,
            ),
            models.Index(
                F("root"),
                Coalesce("limb_id", "id"),
                F("submitted_at"),
                F("depth"),
                F("public_id"),
                name="comment_branch",
                condition=Q(status=Status.APPROVED),
            ),
            # The editors' thread: tops in every state. Of no depth, by a range: comments/every_state.py.
            models.Index(
                fields=["discussion", "depth", "submitted_at", "id"], name="comment_tops", condition=Q(depth__lte=0)
            ),
            # Most comments answer nothing: they are not in these.
            models.Index(fields=["root", "id"], name="comment_root", condition=Q(root__isnull=False)),
            models.Index(fields=["parent"], name="comment_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["discussion", "status", "submitted_at"], name="comment_discussion"),
            models.Index(fields=["reader", "-submitted_at"], name="comment_reader"),
            models.Index(fields=["submitted_at", "id"], name="comment_submitted"),
            # The newest of one status, for the search; one over all statuses would draw the queues away from theirs.
            *(
                models.Index(
                    fields=["submitted_at", "id"],
                    name=f"comment_{status.lower()}_written",
                    condition=Q(status=status),
                )
                for status in (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown_name}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.public_id])

    @property
    def shown_name(self) -> str:
        return name_as_shown(self.author_name)

    @property
    def is_visible(self) -> bool:
        return self.status == Status.APPROVED

    @property
    def is_pending(self) -> bool:
        return self.status == Status.PENDING

    @property
    def is_flagged(self) -> bool:
        return self.status == Status.FLAGGED

    @property
    def is_rejected(self) -> bool:
        return self.status == Status.REJECTED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == Status.WITHDRAWN
