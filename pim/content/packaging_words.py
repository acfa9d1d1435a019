"""Packaging in people's words: what its levels and parts are called where a sentence names them."""

from collections.abc import Callable
from typing import Any

from .refusals import InvalidValue, _

_BETWEEN = "\x04"  # context and word of a message, as gettext joins them


def pgettext(context: str, word: str) -> str:
    """Mark a word for the message catalogue, in its context; `word_of` translates it."""
    return f"{context}{_BETWEEN}{word}"


LEVEL_WORDS = {
    "each": pgettext("packaging", "Each"),
    "inner": pgettext("packaging", "Inner pack"),
    "case": pgettext("packaging", "Case"),
    "display": pgettext("packaging", "Display"),
    "pallet": pgettext("packaging", "Pallet"),
}
PART_WORDS = {
    "gtin": _("GTIN"),
    "contains": pgettext("packaging", "Contains"),
    "quantity": _("Quantity"),
    "gross_weight": _("Gross weight"),
    "net_weight": _("Net weight"),
    "width": _("Width"),
    "height": _("Height"),
    "depth": _("Depth"),
    "per_layer": pgettext("packaging", "Per layer"),
    "layers": pgettext("packaging", "Layers"),
    "material": _("Material"),
}
_PLACES = {"level": LEVEL_WORDS, "name": LEVEL_WORDS, "part": PART_WORDS}


def word_of(key: str, translate: Callable[[str], str] | None = None) -> str:
    """Return what a key of LEVEL_WORDS or PART_WORDS says in the reader's language."""
    said = translate(key) if translate else key
    return said.rpartition(_BETWEEN)[2]


class PackagingRefused(InvalidValue):
    """Something about a level of packaging; its sentence says levels and parts in words.

    `params` keep their codes: `level`, `part`, and `name` of another level.
    """

    def say(self, translate=None) -> str:
        template = translate(self.sentence) if translate else self.sentence
        return template % {n: self._word(n, value, translate) for n, value in self.params.items()}

    def __str__(self) -> str:
        return self.say()

    def _word(self, name: str, value: Any, translate) -> Any:
        key = _PLACES.get(name, {}).get(value) if isinstance(value, str) else None
        return word_of(key, translate) if key else value
