"""Findings in words, in the language of whoever reads them."""

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.content.packaging_words import LEVEL_WORDS, word_of
from pim.content.quality import Finding
from pim.content.structure import AttributeDef, Structure

WORDS = {
    "missing": _("%(attribute)s is missing."),
    "outdated": _("%(attribute)s: the text in %(source)s was changed after it was translated."),
    "too_short": _("%(attribute)s has %(size)s characters; it should have %(limit)s at least."),
    "too_long": _("%(attribute)s has %(size)s characters; it should have %(limit)s at most."),
    "forbidden_word": _("%(attribute)s holds words that it must not: %(words)s."),
    "duplicate": _("%(attribute)s is word for word that of %(products)s."),
    "low_resolution": _(
        "%(attribute)s: %(asset)s has %(size)s pixels; print needs %(limit)s on the longer side."
    ),
    "no_alt_text": _("%(attribute)s: %(asset)s has no alternative text."),
    "bad_gtin": _("%(attribute)s: the check digit of %(value)s is wrong."),
    "no_gtin": _("%(attribute)s: %(value)s is no number of 8, 12, 13 or 14 digits."),
    "level_without_gtin": _("%(attribute)s: %(level)s has no GTIN yet."),
    "gtin_differs": _("%(attribute)s: the each has another GTIN than the product, %(gtin)s."),
    "grouping_gtin": _("%(attribute)s: the GTIN of the each is that of a grouping."),
    "net_above_gross": _("%(attribute)s: the net weight of %(level)s is above the gross weight."),
    "lighter_than_content": _("%(attribute)s: %(level)s weighs less than its content."),
    "smaller_than_content": _("%(attribute)s: %(level)s takes less room than its content."),
    "layers_differ": _(
        "%(attribute)s: %(layers)s layers of %(per_layer)s make %(product)s in %(level)s, not "
        "%(quantity)s."
    ),
}


def say(finding: Finding, structure: Structure, locale: str) -> str:
    """Return a finding as a sentence in the reader's language."""
    known = structure.attributes.get(finding.attribute)
    name = _label(known, locale) if known else finding.attribute
    params = dict(finding.params)
    if finding.kind == "duplicate":
        params["products"] = ", ".join(params["products"]) or translate("another product")
    if params.get("level") in LEVEL_WORDS:
        params["level"] = word_of(LEVEL_WORDS[params["level"]], translate)
    return str(WORDS[finding.kind]) % {"attribute": name, **params}


def _label(attribute: AttributeDef, locale: str) -> str:
    wanted = [locale, locale.split("-")[0], "en", *attribute.labels]
    labels = attribute.labels
    return next((labels[code] for code in wanted if labels.get(code)), f"[{attribute.code}]")
