"""Findings in words, with the way to the field that they are about."""

from django.utils.translation import gettext_lazy as _

from pim.content.quality import Finding, grade
from pim.content.structure import Structure

from .context import label_of

WORDS = {
    "missing": _("%(attribute)s is missing."),
    "too_short": _("%(attribute)s has %(size)s characters; it should have %(limit)s at least."),
    "too_long": _("%(attribute)s has %(size)s characters; it should have %(limit)s at most."),
    "forbidden_word": _("%(attribute)s holds words that it must not: %(words)s."),
    "duplicate": _("%(attribute)s is word for word that of %(products)s."),
    "low_resolution": _(
        "%(attribute)s: %(asset)s has %(size)s pixels; print needs %(limit)s on the longer side."
    ),
    "no_alt_text": _("%(attribute)s: %(asset)s has no alternative text."),
    "bad_gtin": _("%(attribute)s: the check digit of %(value)s is wrong."),
}
TONES = {"A": "good", "B": "good", "C": "warn", "D": "warn", "E": "bad"}


def say(finding: Finding, structure: Structure, locale: str) -> str:
    """Return a finding as a sentence in the reader's language."""
    known = structure.attributes.get(finding.attribute)
    name = label_of(known, locale) if known else finding.attribute
    template = str(WORDS.get(finding.kind, "%(attribute)s"))
    return template % {"attribute": name, **dict(finding.params)}


def tone(score: int) -> str:
    """Return the colour that a score is shown in."""
    return TONES[grade(score)]
