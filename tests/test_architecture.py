"""The house stands as architecture.md draws it: arrows go downhill, a writer is one, doors open no doors.

Each rule is a function from (path, source) to faults; each has a planted fault below that turns it red.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
# Who may import whom inside comments. A room is a top-level module or package of comments.
BOTTOM = {"plain_text", "keyset", "rows", "batches"}  # no Django models: anybody may use them
ROOMS: dict[str, set[str]] = {
    "plain_text": set(),
    "keyset": set(),
    "rows": set(),
    "batches": set(),
    "screening": set(),
    "models": set(),
    "policies": {"models", "screening"},
    "claims": {"models"},
    "limits": {"models"},
    "standing": {"models"},
    "notes": {"models"},
    "threats": {"models"},
    "readers": {"models", "standing", "notes"},
    "discussions": {"models"},
    "integrity": {"models"},
    "figures": {"models", "claims"},
    "decisions": {"models", "claims"},
    "words_held": set(),
    "search": {"models", "words_held"},
    "imprints": {"screening"},
    "alike": {"models", "screening", "imprints"},
    "filters": {"models", "search"},
    "around": {"models"},
    "counted": {"models"},
    "queues": {"models", "claims", "filters", "around", "counted"},
    "saved_views": {"models", "filters", "queues"},
    "thread_rows": {"models"},
    "threads": {"models", "claims", "thread_rows"},
    "every_state": {"models", "counted"},
    "bulks": {"models", "claims", "decisions"},
    "reports": {"models", "decisions", "limits"},
    "arrivals": {"models", "limits"},
    "submission": {"arrivals", "models", "screening", "policies", "limits", "standing", "search", "alike", "decisions"},
    "taking_over": {"models", "screening", "submission", "search", "imprints", "alike", "decisions"},
    "importers": {"models", "screening", "imprints", "taking_over"},
    "seeding": {"models", "taking_over"},
    "archive": {"models", "decisions", "submission", "search", "alike"},
    "forms": {"models", "screening", "policies"},
}
DOORS = {"views", "templatetags", "admin", "management", "urls", "apps", "migrations", "tasks", "checks"}
# A door may use these of its own kind: urls name views, a view renders what a tag prepares.
DOOR_TO_DOOR = {("urls", "views"), ("views", "templatetags")}
STATUS_FIELDS = {"status", "version", "decided_at", "visible_answers", "visible_count"}
# A recount sets them right (check_integrity --repair); what a comment is stays the decisions' to say.
RECOUNTED = {"version", "visible_answers", "visible_count"}
NAMED_FOR_NOTHING = {"utils.py", "helpers.py", "misc.py", "common.py"}
# Staff rooms read every state on purpose; public ones only through visible().
PUBLIC = (
    "comments/thread_rows.py",
    "comments/threads.py",
    "comments/views/threads.py",
    "comments/views/reports.py",
    "comments/templatetags/comments.py",
    "comments/templatetags/places.py",
)
STANDING = "standing_in_the_thread"


def sources() -> list[tuple[str, str]]:
    files = [*HERE.glob("newsroom/**/*.py"), *HERE.glob("comments/**/*.py")]
    return [(str(path.relative_to(HERE)), path.read_text()) for path in sorted(files)]


def imports(path: str, source: str) -> Iterable[str]:
    """Every module that a file imports, absolute, wherever in the file; relative ones too."""
    package = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    here = package if path.endswith("__init__.py") else package.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here.split(".")[: len(here.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def upward_arrows(path: str, source: str) -> list[str]:
    own = room(path.removesuffix(".py").replace("/", "."))
    faults = []
    for module in imports(path, source):
        top = module.split(".")[0]
        if path.startswith("newsroom/") and top == "comments":
            faults.append(f"{path}: newsroom imports {module}")
        if not path.startswith("comments/") or top != "comments" or room(module) in ("", own, *BOTTOM):
            continue
        if own in DOORS and room(module) in DOORS and (own, room(module)) not in DOOR_TO_DOOR:
            faults.append(f"{path}: the door {own} opens the door {room(module)}")
        if own in ROOMS and room(module) not in ROOMS[own]:
            faults.append(f"{path}: {own} imports {module}, which is uphill")
    return faults


def unknown_rooms(path: str, source: str) -> list[str]:
    own = room(path.removesuffix(".py").replace("/", "."))
    known = ROOMS.keys() | DOORS | {"", "__init__"}
    return [f"{path}: no rule knows the room {own}"] if path.startswith("comments/") and own not in known else []


def django_in_screening(path: str, source: str) -> list[str]:
    if not path.startswith(("comments/screening/", "comments/imprints/", "comments/plain_text")):
        return []
    return [f"{path}: imports {name}" for name in imports(path, source) if name.split(".")[0] in ("django", "newsroom")]


def second_writers(path: str, source: str) -> list[str]:
    """Status, version, counters and decision rows are written in comments/decisions/ alone."""
    if path.startswith("comments/decisions/") or "/migrations/" in path or not path.startswith("comments/"):
        return []
    fields = STATUS_FIELDS - (RECOUNTED if path == "comments/integrity.py" else set())
    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {target.attr for target in targets if isinstance(target, ast.Attribute)}
            faults += [f"{path}:{node.lineno}: writes {name}" for name in names & fields]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = {keyword.arg for keyword in node.keywords}
            if node.func.attr in ("update", "bulk_update", "create") and named & fields:
                faults.append(f"{path}:{node.lineno}: {node.func.attr}() of {named & fields}")
            if "Decision.objects" in ast.unparse(node.func) and node.func.attr in ("create", "bulk_create"):
                faults.append(f"{path}:{node.lineno}: adds a decision row")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "add_rows":
            added = ast.unparse(node.args[0])
            faults += [f"{path}:{node.lineno}: adds rows of {added}"] * (added in ("Comment", "Decision"))
    return faults


def named_for_nothing(path: str, source: str) -> list[str]:
    return [path] if Path(path).name in NAMED_FOR_NOTHING else []


def unguarded_public_reads(path: str, source: str) -> list[str]:
    """Public code reaches comments through visible(), or through the branches that stand in the thread."""
    if path not in PUBLIC:
        return []
    return [
        f"{path}: Comment.objects.{after}"
        for after in re.findall(r"Comment\.objects\s*\.(\w+)", source)
        if after not in ("visible", "visible_newest_of") and not (after == "of" and STANDING in source)
    ]


def deletions(path: str, source: str) -> list[str]:
    """Nothing is deleted to moderate it: what goes is leases, counted windows, a person's saved views, and traces in
    time."""
    if "/migrations/" in path or path in (
        "comments/claims.py",
        "comments/limits.py",
        "comments/saved_views.py",
    ):
        return []
    return [
        f"{path}:{node.lineno}: deletes"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "delete"
        and "Trace" not in ast.unparse(node.func)
    ]


def environment_reads(path: str, source: str) -> list[str]:
    """Differences between machines are read in newsroom/settings.py and nowhere else."""
    if path in ("newsroom/settings.py", "newsroom/wsgi.py", "newsroom/asgi.py"):
        return []
    return [path] if re.search(r"os\.(environ|getenv)", source) else []


# What opens a connection, by import and by call. Mail, database and cache speak through Django.
CONNECTING = (
    "socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib",
    "poplib", "imaplib", "telnetlib", "xmlrpc", "socketserver", "websockets", "pycurl", "trafilatura.downloads",
)  # fmt: skip
FETCHING = {"fetch_url", "fetch_response", "urlopen", "urlretrieve", "create_connection", "open_connection"}


def connections_elsewhere(path: str, source: str) -> list[str]:
    """newsroom/outbound is the one outbound client; feedparser, which would fetch an address, gets a stream."""
    if path.startswith("newsroom/outbound/"):
        return []
    faults = [
        f"{path}: imports {module}"
        for module in imports(path, source)
        if any(module == one or module.startswith(f"{one}.") for one in CONNECTING)
    ]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            stream = node.args and ast.unparse(node.args[0]).startswith("io.BytesIO(")
            if called.rpartition(".")[2] in FETCHING or (called == "feedparser.parse" and not stream):
                faults.append(f"{path}:{node.lineno}: {called}()")
    return faults


RULES = {
    upward_arrows: ("comments/models/x.py", "from comments.decisions import decide"),
    unknown_rooms: ("comments/stuff.py", ""),
    django_in_screening: ("comments/screening/rules/x.py", "from django.conf import settings"),
    second_writers: ("comments/reports.py", "comment.status = 'REJECTED'"),
    named_for_nothing: ("comments/utils.py", ""),
    unguarded_public_reads: ("comments/thread_rows.py", "Comment.objects.all()"),
    deletions: ("comments/reports.py", "report.delete()"),
    environment_reads: ("comments/limits.py", "import os\nos.environ['X']"),
    connections_elsewhere: ("newsroom/importers/x.py", "import urllib.request"),
}
MORE_FAULTS = [
    (upward_arrows, "newsroom/pages.py", "from comments.models import Comment"),
    (upward_arrows, "comments/threads.py", "from .submission import submit"),
    (upward_arrows, "comments/threads.py", "def late():\n    from comments import reports"),
    (upward_arrows, "comments/admin/comments.py", "from comments.views.desk.sheets import desk"),
    (second_writers, "comments/queues.py", "Comment.objects.filter(pk=1).update(status='APPROVED')"),
    (second_writers, "comments/queues.py", "Decision.objects.create(action='APPROVE')"),
    (second_writers, "comments/queues.py", "discussion.visible_count += 1"),
    (second_writers, "comments/taking_over/many.py", "add_rows(Decision, names, rows)"),
    (connections_elsewhere, "comments/outbox.py", "def late():\n    from urllib3.connection import HTTPConnection"),
    (connections_elsewhere, "newsroom/importers/feed.py", "feedparser.parse(address)"),
    (connections_elsewhere, "newsroom/importers/html/plain.py", "trafilatura.fetch_url(address)"),
    (second_writers, "comments/integrity.py", "Comment.objects.filter(pk=1).update(status='APPROVED')"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule):
    assert [fault for path, source in sources() for fault in rule(path, source)] == []


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [(rule, *fault) for rule, fault in RULES.items()] + MORE_FAULTS,
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_planted_fault_is_found(rule, path, source):
    assert rule(path, source)


def test_no_two_rooms_import_each_other():
    arrows = {
        (room(path.removesuffix(".py").replace("/", ".")), room(module))
        for path, source in sources()
        if path.startswith("comments/")
        for module in imports(path, source)
        if module.startswith("comments.")
    }
    assert [(one, other) for one, other in arrows if one < other and (other, one) in arrows and one and other] == []
