"""Reads the manifest of a layout; what is not as it should be is a fault with place and cure."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from ..sheet import UNITS, CodePlace
from .template import TemplateFault

ROLES = ("item", "model")
KNOWN = {
    "label", "cells", "pages", "takes", "type", "picture", "code", "amounts", "measure",
    "options",
}  # fmt: skip
AMOUNTS = ("text", "values", "values_beside_variants", "variants", "columns", "photos")
TYPES = ("text", "wide")
LARGEST = 40_000  # bytes of a manifest


@dataclass(frozen=True)
class Setting:
    """An option that editors may set on an output; `kind` is boolean, number or choice."""

    code: str
    kind: str
    label: dict[str, str]
    default: Any
    choices: tuple[tuple[str, dict[str, str]], ...] = ()
    least: int = 0
    most: int = 100


@dataclass(frozen=True)
class Manifest:
    """What a layout says of itself; lengths are in millimetres, `cells` in units of the grid.

    `cells` are the sizes that the card may take, smallest first: it takes the first that holds
    all its text. `measure` is a hint that saves failed tries: characters in a line of text and of
    a value, and the points of height that text may take.
    """

    label: dict[str, str]
    cells: tuple[tuple[int, int], ...]
    pages: int
    takes: tuple[str, ...]
    type: str
    picture: tuple[float, float, int]  # width, height, pixels across
    code: CodePlace | None
    amounts: dict[str, int] = field(default_factory=dict)
    measure: tuple[float, float, float] | None = None
    options: tuple[Setting, ...] = ()


def read_manifest(path: Path) -> Manifest:
    """Return the manifest in `path`; TemplateFault says what is wrong with it."""
    text = path.read_bytes()[: LARGEST + 1]
    if len(text) > LARGEST:
        raise TemplateFault(_("The manifest is larger than %(most)d bytes."), most=LARGEST)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise TemplateFault(
            _("The manifest is not JSON: %(why)s"), line=line, why=str(error)
        ) from None
    if not isinstance(told, dict):
        raise TemplateFault(_("The manifest must be an object."))
    if strange := sorted(set(told) - KNOWN):
        raise TemplateFault(
            _("“%(name)s” is not known; a manifest has: %(there)s."),
            name=str(strange[0])[:60], there=", ".join(sorted(KNOWN)),
        )  # fmt: skip
    return _Reader(told).manifest()


class _Reader:
    def __init__(self, told: dict):
        self.told = told

    def manifest(self) -> Manifest:
        pages = self._whole("pages", 1, least=1, most=2)
        return Manifest(
            label=self._label(self.told.get("label"), "label"),
            cells=self._cells(pages),
            pages=pages,
            takes=self._takes(),
            type=self._one_of("type", TYPES),
            picture=self._picture(),
            code=self._code(),
            amounts=self._amounts(),
            measure=self._measure(),
            options=self._options(),
        )

    def fault(self, name: str, wanted: str):
        raise TemplateFault(_("“%(name)s” must be: %(wanted)s."), name=name, wanted=wanted)

    def _label(self, value, name: str) -> dict[str, str]:
        good = isinstance(value, dict) and value.get("en")
        if not good or not all(
            isinstance(text, str) and len(text) <= 100 for text in value.values()
        ):
            self.fault(name, _('an object of texts by locale with at least one for "en"'))
        return value

    def _whole(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.told.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            message = _("“%(name)s” must be a whole number from %(least)d to %(most)d.")
            raise TemplateFault(message, name=name, least=least, most=most)
        return value

    def _cells(self, pages: int) -> tuple[tuple[int, int], ...]:
        cells = self.told.get("cells")
        wanted = _("a list of [columns, rows], each from 1 to 12, smallest first, as [[6, 4]]")
        if not isinstance(cells, list) or not 0 < len(cells) <= UNITS:
            self.fault("cells", wanted)
        for cell in cells:
            if not isinstance(cell, list) or len(cell) != 2 or not all(map(_is_unit, cell)):
                self.fault("cells", wanted)
        found = tuple((columns, rows) for columns, rows in cells)
        if sorted(found) != list(found) or len({columns for columns, _ in found}) > 1:
            self.fault("cells", _("of one width, the lowest first"))
        if pages == 2 and found != ((UNITS, UNITS),):
            self.fault("cells", _("[[12, 12]] where a layout has two pages"))
        return found

    def _takes(self) -> tuple[str, ...]:
        takes = self.told.get("takes", list(ROLES))
        if not isinstance(takes, list) or not takes or not all(role in ROLES for role in takes):
            self.fault("takes", _('a list of "item", "model" or both'))
        return tuple(takes)

    def _one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.told.get(name, choices[0])
        if value not in choices:
            message = _("“%(name)s” must be one of: %(choices)s.")
            raise TemplateFault(message, name=name, choices=", ".join(map(repr, choices)))
        return value

    def _numbers(self, value, name: str, wanted: str, *keys: str) -> list[float]:
        if not isinstance(value, dict):
            self.fault(name, wanted)
        found = [value.get(key) for key in keys]
        if not all(_is_number(n) for n in found):
            self.fault(name, wanted)
        return found

    def _picture(self) -> tuple[float, float, int]:
        wanted = _("an object with width and height in millimetres and pixels (at most 3000)")
        told = self.told.get("picture")
        width, height, pixels = self._numbers(told, "picture", wanted, "width", "height", "pixels")
        if min(width, height, pixels) <= 0 or pixels > 3000:
            self.fault("picture", wanted)
        return width, height, int(pixels)

    def _code(self) -> CodePlace | None:
        told = self.told.get("code")
        if told is None:
            return None
        wanted = _(
            "an object with side (15 or more), across, down, words [width, height] and above"
        )
        side, across, down = self._numbers(told, "code", wanted, "side", "across", "down")
        words = told.get("words", [0, 0])
        if side < 15 or not isinstance(words, list) or len(words) != 2:
            self.fault("code", wanted)
        if not all(_is_number(n) and n >= 0 for n in words):
            self.fault("code", wanted)
        return CodePlace(side, across, down, tuple(words), bool(told.get("above")))

    def _amounts(self) -> dict[str, int]:
        told = self.told.get("amounts", {})
        known = isinstance(told, dict) and set(told) <= set(AMOUNTS)
        if not known or not all(isinstance(n, int) and 0 <= n <= 100_000 for n in told.values()):
            message = _("“amounts” must be an object of whole numbers: %(names)s.")
            raise TemplateFault(message, names=", ".join(AMOUNTS))
        return told

    def _measure(self) -> tuple[float, float, float] | None:
        told = self.told.get("measure")
        if told is None:
            return None
        wanted = _("an object with line, value and height, all above 0")
        found = self._numbers(told, "measure", wanted, "line", "value", "height")
        if min(found) <= 1:
            self.fault("measure", wanted)
        return tuple(found)

    def _options(self) -> tuple[Setting, ...]:
        told = self.told.get("options", [])
        if not isinstance(told, list) or len(told) > 20:
            self.fault("options", _("a list of at most 20 options"))
        found = tuple(self._option(option) for option in told)
        if len({option.code for option in found}) < len(found):
            self.fault("options", _("of different codes"))
        return found

    def _option(self, told) -> Setting:
        wanted = _("objects with code (a-z, 0-9, _), kind, label and default")
        if not isinstance(told, dict):
            self.fault("options", wanted)
        code, kind = told.get("code"), told.get("kind")
        if not isinstance(code, str) or not code.isidentifier() or code != code.lower():
            self.fault("options", wanted)
        label = self._label(told.get("label"), f"options.{code}.label")
        if kind == "boolean" and isinstance(told.get("default"), bool):
            return Setting(code, kind, label, told["default"])
        if kind == "number":
            return self._number_option(code, label, told)
        if kind == "choice":
            return self._choice_option(code, label, told)
        return self.fault(f"options.{code}.kind", _('"boolean", "number" or "choice"'))

    def _number_option(self, code: str, label: dict, told: dict) -> Setting:
        bounds = [told.get("least", 0), told.get("default"), told.get("most", 100)]
        if not all(isinstance(n, int) for n in bounds) or sorted(bounds) != bounds:
            self.fault(f"options.{code}.default", _("a whole number from least to most"))
        return Setting(code, "number", label, bounds[1], (), bounds[0], bounds[2])

    def _choice_option(self, code: str, label: dict, told: dict) -> Setting:
        choices = told.get("choices")
        if not isinstance(choices, dict) or not choices or told.get("default") not in choices:
            self.fault(f"options.{code}.choices", _("an object of labels, with the default"))
        named = tuple((str(c), self._label(text, f"choice {c}")) for c, text in choices.items())
        return Setting(code, "choice", label, told["default"], named)


def _is_unit(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= UNITS


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10_000
