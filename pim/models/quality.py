"""Quality: the rules that content is judged by, the scores, and how they were day by day."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Labelled
from .fields import DocumentField
from .products import Product
from .scopes import Channel

QUALITY_KINDS = [
    ("completeness", _("Completeness")),
    ("outdated", _("Translations whose source text has changed")),
    ("length", _("Length of texts")),
    ("forbidden_words", _("Forbidden words")),
    ("duplicate", _("Texts that another product has, too")),
    ("image_resolution", _("Pictures too small for print")),
    ("alt_text", _("Pictures without an alternative text")),
    ("gtin", _("Check digit of the GTIN")),
    ("packaging", _("Packaging that does not add up")),
]


class QualityRule(Labelled):
    """One thing that is looked at, and how much it weighs.

    `channels`, `families`, `locales`, `attributes` and `roles` are lists of codes, empty for all
    (of attributes: for the usual ones of the kind). `params` by kind: min, max (length), words
    {locale: [words]} (forbidden_words), mm and dpi (image_resolution).
    """

    kind = models.CharField(_("kind"), max_length=30, choices=QUALITY_KINDS)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=10, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    channels = DocumentField(_("channels"), default=list)
    families = DocumentField(_("families"), default=list)
    locales = DocumentField(_("locales"), default=list)
    attributes = DocumentField(_("attributes"), default=list)
    roles = DocumentField(_("semantic roles"), default=list)
    params = DocumentField(_("parameters"))

    class Meta(Labelled.Meta):
        verbose_name = _("quality rule")
        verbose_name_plural = _("quality rules")


class Quality(models.Model):
    """The score of a draft in a channel and a locale, with what lowers it.

    `findings` is [[rule, kind, attribute, locale, params], …]. `sight` is "" where everything
    counts; roles that hide something there have a score of their own, of what they show.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="quality", db_index=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", db_index=False)
    locale = models.CharField(_("locale"), max_length=35)
    sight = models.CharField(max_length=16, blank=True, default="")
    score = models.PositiveSmallIntegerField(_("score"))
    findings = DocumentField(_("findings"), default=list)

    class Meta:
        verbose_name = _("quality")
        verbose_name_plural = _("quality")
        indexes = [
            models.Index(fields=["channel", "locale", "sight", "score"], name="quality_by_score")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "channel", "locale", "sight"], name="quality_once"
            )
        ]

    def __str__(self):
        return f"{self.product_id}/{self.channel_id}/{self.locale}: {self.score}"


class QualityReason(models.Model):
    """A kind of finding that a score has, so that scores are found by it."""

    quality = models.ForeignKey(Quality, models.CASCADE, related_name="reasons", db_index=False)
    kind = models.CharField(max_length=30)

    class Meta:
        indexes = [models.Index(fields=["kind", "quality"], name="quality_by_reason")]
        constraints = [
            models.UniqueConstraint(fields=["quality", "kind"], name="quality_reason_once")
        ]

    def __str__(self):
        return f"{self.quality_id}: {self.kind}"


class QualityState(models.Model):
    """What a product's scores were counted from: while it is the same, they are right."""

    product = models.OneToOneField(
        Product, models.CASCADE, related_name="quality_state", primary_key=True
    )
    row_version = models.PositiveIntegerField()
    above = models.PositiveIntegerField(default=0)  # the row versions of its models, added up
    stamp = models.CharField(max_length=32)  # of the rules and the structure

    def __str__(self):
        return f"{self.product_id}@{self.row_version}"


class TextPrint(models.Model):
    """The fingerprint of one text of a product's own: equal ones are the same text."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    attribute = models.CharField(max_length=100)
    channel = models.CharField(max_length=100, blank=True, default="")
    locale = models.CharField(max_length=35, blank=True, default="")
    digest = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["digest", "attribute"], name="text_print_by_digest")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "attribute", "channel", "locale"], name="text_print_once"
            )
        ]

    def __str__(self):
        return f"{self.product_id}/{self.attribute}"


class QualityDay(models.Model):
    """How good the content was on one day: of all, of one family, or of one category branch."""

    day = models.DateField()
    channel = models.CharField(max_length=100)
    locale = models.CharField(max_length=35)
    sight = models.CharField(max_length=16, blank=True, default="")  # as that of its scores
    by = models.CharField(max_length=10)  # "all", "family" or "category"
    code = models.CharField(max_length=100, blank=True, default="")
    products = models.PositiveIntegerField()
    score = models.DecimalField(max_digits=5, decimal_places=2)  # the average
    flawless = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "channel", "locale", "sight", "by", "code"], name="quality_day_once"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.channel}/{self.locale} {self.by} {self.code}: {self.score}"
