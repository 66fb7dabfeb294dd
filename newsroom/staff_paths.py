"""Where the site knows who reads: the pages of the newsroom's own people. Everything else is the same for everybody."""

from __future__ import annotations

from django.http import HttpRequest

STAFF_PATHS = ("/moderation/", "/admin/", "/accounts/")
# Where a member of the newsroom sends a page to import, as large as a page may be.
UPLOADS = "/admin/newsroom/importrun/add/"
UPLOAD_MAX = 11 * 1024 * 1024


def is_staff_page(request: HttpRequest) -> bool:
    return request.path_info.startswith(STAFF_PATHS)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether a member of the newsroom reads a staff page. On a public page nobody is asked, and the answer is no."""
    return is_staff_page(request) and bool(getattr(request, "user", None)) and request.user.is_authenticated
