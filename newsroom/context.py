from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from newsroom.models import Section


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs. Sections stay a query until a template reads them."""
    return {"site_name": settings.SITE_NAME, "sections": Section.objects.all()}
