"""Connections: machines that read and write through the PIM REST API, and what they hold."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import code_validator
from .fields import DocumentField

DRAFTS, PUBLISHED = "drafts", "published"
DRAFT, PUBLISH = "draft", "publish"
MAX_PAGE, MAX_LINES = 1_000, 100_000


class Connection(models.Model):
    """One machine: its credentials, the user it acts as, what it reads and how it writes.

    The secret is kept as an HMAC only. `own_user` tells a user made for this connection,
    whose password is rotated with the secret, from a person's.
    """

    code = models.CharField(_("code"), max_length=100, unique=True, validators=[code_validator])
    label = models.CharField(_("name"), max_length=200, blank=True)
    client_id = models.CharField(_("client id"), max_length=64, unique=True, editable=False)
    secret_hmac = models.CharField(max_length=64, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="connections",
        verbose_name=_("acts as"),
        help_text=_("Its rights are the rights of the connection."),
    )
    own_user = models.BooleanField(default=False, editable=False)
    reads = models.CharField(
        _("reads"),
        max_length=10,
        default=DRAFTS,
        choices=[(DRAFTS, _("Drafts")), (PUBLISHED, _("Published content"))],
    )
    writes = models.CharField(
        _("its writes"),
        max_length=10,
        default=DRAFT,
        choices=[(DRAFT, _("Stay draft")), (PUBLISH, _("Publish what they touched"))],
    )
    page_limit = models.PositiveIntegerField(
        _("items of a page, at most"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_PAGE)],
    )
    collection_limit = models.PositiveIntegerField(
        _("lines of a collection, at most"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_LINES)],
    )
    rate_limit = models.PositiveIntegerField(
        _("requests a minute, at most"), default=6_000, help_text=_("0: as many as come.")
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("connection")
        verbose_name_plural = _("connections")

    def __str__(self):
        return self.label or self.code


class ConnectionToken(models.Model):
    """A token of a connection, as an HMAC; `kind` is access or refresh."""

    ACCESS, REFRESH = "access", "refresh"

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=7)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.connection_id}:{self.kind}"


class RequestWindow(models.Model):
    """How many requests a connection has taken of its current minute, all processes together."""

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True)
    minute = models.BigIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.connection_id}: {self.taken}"


class KeptAnswer(models.Model):
    """What was answered to a request with an Idempotency-Key; `status` is 0 while it runs.

    `digest` is that of the request, `body` zlib-compressed.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = DocumentField()
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "key"], name="answer_once_per_key")
        ]

    def __str__(self):
        return f"{self.connection_id}:{self.key}"
