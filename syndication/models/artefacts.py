"""The files of editions, and which edition is being served."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .editions import Edition
from .outputs import Output


class Artefact(models.Model):
    """An immutable file named by its sha256, under ARTEFACT_ROOT."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("artefact")
        verbose_name_plural = _("artefacts")

    def __str__(self):
        return self.sha256[:12]


class EditionArtefact(models.Model):
    """The link that gives an artefact its name and its audience."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="artefacts")
    artefact = models.ForeignKey(Artefact, models.PROTECT, related_name="links")
    name = models.CharField(_("name"), max_length=255)
    audience = models.CharField(_("audience"), max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name = _("edition artefact")
        verbose_name_plural = _("edition artefacts")
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="artefact_name_once")
        ]

    def __str__(self):
        return self.name


class Pointer(models.Model):
    """Which edition of an output (and locale) is being served; the one thing promotion moves."""

    output = models.ForeignKey(Output, models.CASCADE, related_name="pointers")
    locale = models.CharField(max_length=35, blank=True)
    edition = models.ForeignKey(Edition, models.RESTRICT, related_name="+")
    previous = models.ForeignKey(Edition, models.SET_NULL, null=True, related_name="+")
    data_version = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["output", "locale"], name="pointer_once")]

    def __str__(self):
        return f"{self.output_id}/{self.locale} -> {self.edition_id}"
