from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        from comments import threads
        from newsroom import pages

        pages.register(**threads.SHOWN_STATE)
        pages.register_counts(threads.visible_counts)
