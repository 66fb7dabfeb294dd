"""The site's own rows: people, sections, articles, and where those came from."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from newsroom.admin import articles, feeds, imports, people

__all__ = ["articles", "feeds", "imports", "people"]

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Administration")
