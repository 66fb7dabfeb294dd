from django.apps import AppConfig
from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.db import reset_queries
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from newsroom.roles import make_groups

        post_migrate.connect(make_groups, dispatch_uid="newsroom.roles")
        # What Django tidies around each request where there is nothing to tidy: a kept page took a tenth longer by it.
        # Statements are written down under DEBUG alone, and none of our caches has anything to close.
        request_finished.disconnect(close_caches)
        if not settings.DEBUG:
            request_started.disconnect(reset_queries)
