"""Media that is ingested once, named by its content and described per locale."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import code_validator
from .fields import DocumentField

MEDIA_KINDS = [
    ("image", _("Image")),
    ("document", _("Document")),
    ("video", _("Video")),
    ("audio", _("Audio")),
    ("model", _("3D model")),
]


class Medium(models.Model):
    """One ingested file; `sha256` names its bytes under ASSET_ROOT.

    `original_sha256` is the digest of what was handed in, before re-encoding, so that
    the same upload is recognised.
    """

    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    original_sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    filename = models.CharField(_("file name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=10, choices=MEDIA_KINDS)
    media_type = models.CharField(_("media type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), editable=False)
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)

    class Meta:
        abstract = True


class Upload(Medium):
    """A file that came alone and waits for the asset that names it."""

    original_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_index=True)


class Asset(Medium):
    """One ingested file with a code, texts and rights; `alt` and `caption` are {locale: text}.

    `values` is {field of its family: {locale code or "": data}}.
    """

    code = models.CharField(_("code"), max_length=200, unique=True, validators=[code_validator])
    alt = DocumentField(_("alternative text"))
    caption = DocumentField(_("caption"))
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    valid_from = models.DateTimeField(_("may be shown from"), null=True, blank=True)
    valid_to = models.DateTimeField(
        _("may be shown until"), null=True, blank=True, help_text=_("Then it leaves all listings.")
    )
    family = models.ForeignKey(
        "pim.AssetFamily",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assets",
        verbose_name=_("asset family"),
    )
    values = DocumentField(_("values"), editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("asset")
        verbose_name_plural = _("assets")

    def __str__(self):
        return self.filename
