from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        from comments import threads
        from comments.models.desk_settings import told_with_a_person
        from newsroom import backends, pages

        pages.register(**threads.SHOWN_STATE)
        pages.register_counts(threads.visible_counts)
        backends.register(desk_settings_row=told_with_a_person())
