"""Typed properties of products: groups, attributes, options and measurement families."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Labelled
from .fields import DocumentField
from .scopes import Audience

KINDS = [
    ("identifier", _("Identifier")),
    ("text", _("Text")),
    ("textarea", _("Text area")),
    ("richtext", _("Rich text")),
    ("number", _("Number")),
    ("measurement", _("Measurement")),
    ("price", _("Price collection")),
    ("boolean", _("Yes or no")),
    ("date", _("Date")),
    ("select", _("Simple select")),
    ("multiselect", _("Multi select")),
    ("media", _("Media")),
    ("product", _("Product reference")),
    ("reference", _("Reference entity")),
    ("table", _("Table")),
    ("packaging", _("Packaging")),
]

ROLES = [
    ("name", _("Name")),
    ("short_description", _("Short description")),
    ("description", _("Description")),
    ("brand", _("Brand")),
    ("gtin", _("GTIN")),
    ("mpn", _("Manufacturer part number")),
    ("image", _("Main picture")),
    ("gallery", _("More pictures")),
    ("document", _("Document")),
    ("price", _("List price")),
    ("color", _("Colour")),
    ("size", _("Size")),
    ("material", _("Material")),
    ("pattern", _("Pattern")),
    ("weight", _("Weight")),
    ("length", _("Length")),
    ("width", _("Width")),
    ("height", _("Height")),
    ("gender", _("Gender")),
    ("age_group", _("Age group")),
    ("condition", _("Condition")),
    ("google_category", _("Google product category")),
    ("keywords", _("Keywords")),
    ("meta_title", _("Page title")),
    ("meta_description", _("Page description")),
]


class AttributeGroup(Labelled):
    """A drawer of attributes; one tab of the product page and one unit of approval."""

    sort_order = models.IntegerField(_("order"), default=0)

    class Meta(Labelled.Meta):
        ordering = ["sort_order", "code"]
        verbose_name = _("attribute group")
        verbose_name_plural = _("attribute groups")


class MeasurementFamily(Labelled):
    """Units of one quantity; `units` is [{code, labels, symbol, cldr, factor, offset}].

    `factor` and `offset` are decimal strings: standard = amount × factor + offset.
    `cldr` is the unit's CLDR identifier, or "" where CLDR has none.
    """

    standard_unit = models.CharField(_("standard unit"), max_length=100)
    units = DocumentField(_("units"), default=list)

    class Meta(Labelled.Meta):
        verbose_name = _("measurement family")
        verbose_name_plural = _("measurement families")


class Attribute(Labelled):
    """A typed property; `kind` decides its value's shape, the flags decide its address.

    `rules` by kind: max_length, pattern, min, max, decimals (bool), negative (bool),
    date_min, date_max, extensions [str], media_types [image|document|video|audio|model],
    max_megabytes (media), default (boolean: the value of new products),
    max_items (media, product, reference), columns (table: [{code, kind, labels, options}]).
    """

    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    group = models.ForeignKey(
        AttributeGroup, models.PROTECT, related_name="attributes", verbose_name=_("group")
    )
    role = models.CharField(_("semantic role"), max_length=30, choices=ROLES, blank=True)
    localizable = models.BooleanField(_("localizable"), default=False)
    scopable = models.BooleanField(_("scopable"), default=False)
    available_locales = models.JSONField(
        _("only in these locales"), default=list, blank=True, help_text=_("Empty: in all.")
    )
    audiences = models.ManyToManyField(
        Audience, verbose_name=_("only for these audiences"), blank=True
    )
    unique = models.BooleanField(_("unique"), default=False)
    filterable = models.BooleanField(_("usable in filters"), default=False)
    rules = DocumentField(_("rules"))
    guidelines = DocumentField(_("guidelines"))
    measurement_family = models.ForeignKey(
        MeasurementFamily,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("measurement family"),
    )
    default_unit = models.CharField(_("default unit"), max_length=100, blank=True)
    reference_entity = models.ForeignKey(
        "pim.ReferenceEntity",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("reference entity"),
    )
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta(Labelled.Meta):
        ordering = ["group__sort_order", "sort_order", "code"]
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")


class AttributeOption(models.Model):
    """One choice of a select attribute."""

    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="options")
    code = models.CharField(_("code"), max_length=100)
    labels = DocumentField(_("labels"))
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(fields=["attribute", "code"], name="option_once_per_attribute")
        ]

    def __str__(self):
        return Labelled.label(self)

    label = Labelled.label
