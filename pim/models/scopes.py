"""Whom content is written for: locales, currencies, audiences and channels."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Labelled


class Locale(models.Model):
    """A BCP 47 language or language-region, with an optional parent to fall back to."""

    code = models.CharField(_("code"), max_length=35, unique=True, help_text=_("BCP 47: en, sv-FI"))
    fallback = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("falls back to")
    )
    source = models.CharField(
        _("translated from"),
        max_length=35,
        blank=True,
        default="",
        help_text=_("The code of a locale; empty: its texts are written, not translated."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("locale")
        verbose_name_plural = _("locales")

    def __str__(self):
        return self.code


class Currency(models.Model):
    """An ISO 4217 currency."""

    code = models.CharField(_("code"), max_length=3, unique=True)
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")

    def __str__(self):
        return self.code


class Audience(Labelled):
    """Who reads: consumer, technician, reseller."""

    public = models.BooleanField(
        _("public"), default=True, help_text=_("Off: feeds of this audience need an API key.")
    )

    class Meta(Labelled.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class Channel(Labelled):
    """A scope that content is written for, with its locales, currencies, audiences and gate."""

    locales = models.ManyToManyField(Locale, verbose_name=_("locales"), related_name="channels")
    currencies = models.ManyToManyField(Currency, verbose_name=_("currencies"), blank=True)
    audiences = models.ManyToManyField(
        Audience, verbose_name=_("audiences"), related_name="channels"
    )
    category_tree = models.ForeignKey(
        "pim.Category", models.PROTECT, null=True, blank=True, verbose_name=_("category tree")
    )
    gate = models.PositiveSmallIntegerField(
        _("completeness gate"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("Per cent of the required values below which a listing is withheld; 0: none."),
    )
    price_lists = models.ManyToManyField(
        "pim.PriceList", blank=True, verbose_name=_("price lists"), related_name="channels"
    )
    conversion_units = models.JSONField(_("conversion units"), default=dict, blank=True)

    class Meta(Labelled.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
