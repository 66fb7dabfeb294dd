"""Lists with a row of years, months and days above them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest


class _DatedList(ChangeList):
    def get_filters(self, request: HttpRequest) -> Any:
        """Django asks where the chosen year ends: one at the calendar's edge, typed by hand, has no end."""
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error


class Dated(admin.ModelAdmin):
    """A list with a `date_hierarchy`: a date that is none, in its address, leads back to the whole list."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _DatedList
