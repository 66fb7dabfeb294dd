"""Who may do what: four groups, made after each migrate.

Permissions do not exist yet while a fresh database migrates, and a transactional test flushes them:
hence a post_migrate receiver, idempotent, the one signal of this house.
"""

from __future__ import annotations

from typing import Any

MODERATORS = "moderators"
CHIEFS = "chief moderators"
EDITORS = "editors"

# The permissions that code asks about. Django's own (view_, change_) only open pages of the admin.
DECIDE = "comments.decide_comment"
OVERRIDE = "comments.override_decision"
SEE_THREADS = "comments.view_every_state"
KEEP_DISCUSSIONS = "comments.open_or_close_discussion"
INSTRUCT = "comments.write_instructions"
STAND_LONG = "comments.set_long_standing"
EXPORT = "comments.add_exportrun"

_ADMIN_PAGES = ["comments.view_comment", "comments.view_report", "comments.view_decision"]
ROLES: dict[str, list[str]] = {
    MODERATORS: [DECIDE, SEE_THREADS, KEEP_DISCUSSIONS, *_ADMIN_PAGES],
    CHIEFS: [
        DECIDE,
        OVERRIDE,
        SEE_THREADS,
        KEEP_DISCUSSIONS,
        INSTRUCT,
        STAND_LONG,
        EXPORT,
        "comments.view_exportrun",
        *_ADMIN_PAGES,
        "comments.view_discussion",
        "comments.view_reader",
        "comments.view_wordlist",
        "comments.add_wordlist",
        "comments.change_wordlist",
        "comments.delete_wordlist",
    ],
    EDITORS: [SEE_THREADS, KEEP_DISCUSSIONS, INSTRUCT],
}


def make_groups(sender: Any, using: str = "default", **_kwargs: Any) -> None:
    """Give each group exactly the permissions listed above. Called after each app's migrate."""
    from django.contrib.auth.models import Group, Permission

    for name, wanted in ROLES.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        codes = {tuple(permission.split(".")) for permission in wanted}
        rows = [
            row
            for row in Permission.objects.using(using).select_related("content_type")
            if (row.content_type.app_label, row.codename) in codes
        ]
        group.permissions.set(rows)
