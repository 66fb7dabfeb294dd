from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Status


class Action(models.TextChoices):
    APPROVE = "APPROVE", _("Approve")
    REJECT = "REJECT", _("Reject")
    FLAG = "FLAG", _("Second look")
    EDIT = "EDIT", _("Edit")
    WITHDRAW = "WITHDRAW", _("Withdraw")
    UNDO = "UNDO", _("Undo")


class Ground(models.TextChoices):
    """Why a comment is refused. The sentence for the reader stands in `sentence`."""

    ABUSE = "ABUSE", _("Abuse")
    HATE = "HATE", _("Hate")
    THREAT = "THREAT", _("Threat")
    DEFAMATION = "DEFAMATION", _("Defamation")
    PRIVACY = "PRIVACY", _("Privacy")
    MISINFORMATION = "MISINFORMATION", _("Misinformation")
    OFF_TOPIC = "OFF_TOPIC", _("Off topic")
    SPAM = "SPAM", _("Spam")
    ADVERTISING = "ADVERTISING", _("Advertising")
    DUPLICATE = "DUPLICATE", _("Duplicate")
    UNREADABLE = "UNREADABLE", _("Unreadable")
    ILLEGAL = "ILLEGAL", _("Illegal content")
    OTHER = "OTHER", _("Other")

    @property
    def sentence(self) -> str:
        """What the reader is told when the comment is refused on this ground."""
        return str(_SENTENCES[self.value])


_SENTENCES = {
    "ABUSE": _("Your comment was not published: it insults or belittles somebody."),
    "HATE": _("Your comment was not published: it attacks people for what they are."),
    "THREAT": _("Your comment was not published: it threatens somebody or calls for harm."),
    "DEFAMATION": _("Your comment was not published: it accuses a recognisable person of serious acts without proof."),
    "PRIVACY": _("Your comment was not published: it gives away somebody's private life or personal data."),
    "MISINFORMATION": _("Your comment was not published: it states as a fact what has been shown to be false."),
    "OFF_TOPIC": _("Your comment was not published: it has no bearing on the article or on the discussion."),
    "SPAM": _("Your comment was not published: it looks like an unsolicited mass message."),
    "ADVERTISING": _("Your comment was not published: it promotes a product, a service or a site."),
    "DUPLICATE": _("Your comment was not published: the same text has already been sent."),
    "UNREADABLE": _("Your comment was not published: it cannot be read as it was written."),
    "ILLEGAL": _("Your comment was not published: the law forbids what it says."),
    "OTHER": _("Your comment was not published: it does not follow the rules of this discussion."),
}


class Decision(models.Model):
    """A row only ever added: who, what, from which status to which, on which revision, on what ground, when.

    `version` is the comment's version after this decision: the pair is unique, so that two people cannot both
    decide on the version they read. `policy` names the rule that decided where no person did.
    """

    comment = models.ForeignKey("comments.Comment", models.PROTECT, related_name="decisions", db_index=False)
    version = models.PositiveIntegerField(_("version"))
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    from_status = models.CharField(_("from"), max_length=10, choices=Status.choices)
    to_status = models.CharField(_("to"), max_length=10, choices=Status.choices)
    revision = models.PositiveIntegerField(_("revision"))
    ground = models.CharField(_("ground"), max_length=16, choices=Ground.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        db_index=False,
        verbose_name=_("moderator"),
    )
    policy = models.CharField(_("policy"), max_length=40, null=True, blank=True)  # noqa: DJ001 (xor with moderator)
    bulk = models.ForeignKey(
        "comments.Bulk", models.PROTECT, null=True, blank=True, related_name="decisions", db_index=False
    )
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    idempotency_key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 (unique where given)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        permissions = [("override_decision", "Can override claims and undo anybody's decision")]
        constraints = [
            models.UniqueConstraint(fields=["comment", "version"], name="one_decision_a_version"),
            models.UniqueConstraint(
                fields=["moderator", "idempotency_key"],
                name="one_decision_a_key",
                condition=Q(idempotency_key__isnull=False),
            ),
            models.CheckConstraint(
                name="decided_by_a_person_or_a_policy",
                condition=Q(moderator__isnull=True) ^ Q(policy__isnull=True),
            ),
            models.CheckConstraint(
                name="a_rejection_has_a_ground", condition=~Q(action="REJECT") | Q(ground__in=Ground.values)
            ),
            models.CheckConstraint(name="a_flag_has_a_note", condition=~Q(action="FLAG") | ~Q(note="")),
            models.CheckConstraint(
                name="an_undo_names_what_it_undoes",
                condition=Q(action="UNDO", undoes__isnull=False) | (~Q(action="UNDO") & Q(undoes__isnull=True)),
            ),
            models.CheckConstraint(name="decision_action_known", condition=Q(action__in=Action.values)),
        ]
        indexes = [
            models.Index(fields=["moderator", "-at"], name="decision_moderator", condition=Q(moderator__isnull=False)),
            models.Index(fields=["at"], name="decision_by_people", condition=Q(moderator__isnull=False)),
            models.Index(fields=["bulk", "comment"], name="decision_bulk", condition=Q(bulk__isnull=False)),
            # Of a unique column that is nearly always empty SQLite believes, after ANALYZE, that a value has as many
            # rows as the empty one, and reads the table for each decision that may have been undone.
            models.Index(fields=["undoes"], name="decision_undone", condition=Q(undoes__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.comment_id}"

    @property
    def decided_by(self) -> str:
        """A colleague's name, or the policy that decided."""
        return self.moderator.shown_name if self.moderator else str(_("policy “%s”") % self.policy)
