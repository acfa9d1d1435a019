"""What a column most likely means: told by its title, by labels in any locale, by its content."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from anyascii import anyascii

from pim.content.address import Address, check_address
from pim.content.locales import to_posix
from pim.content.refusals import Refused
from pim.content.structure import AttributeDef, Structure

from .columns import Grammar
from .operations import codes_by_label
from .synonyms import LANGUAGES, synonyms

EXACT, LABEL, SYNONYM, CONTENT = "title", "label", "synonym", "content"
ENOUGH = 0.8


@dataclass(frozen=True)
class Suggestion:
    """`to` is a column of our layout, `why` how it was found, `ops` what its cells need."""

    to: str
    why: str
    ops: tuple[dict, ...] = ()


def fold(words: str) -> str:
    """Return words without case, accents and punctuation."""
    return re.sub(r"[^a-z0-9]+", " ", anyascii(words).lower()).strip()


def language_of(header: Iterable[str], structure: Structure) -> str:
    """Return the locale in whose labels of attributes a header is written, "" for none.

    Two titles must speak it, and more than speak any other.
    """
    titles = {_without_unit(fold(title)) for title in header}
    spoken = Counter(
        locale
        for attribute in structure.attributes.values()
        for locale, label in attribute.labels.items()
        if label and fold(label) in titles
    )
    best = spoken.most_common(2)
    clear = best and best[0][1] > 1 and (len(best) == 1 or best[0][1] > best[1][1])
    return best[0][0] if clear else ""


def suggest(
    header: list[str], samples: list[list[str]], *, structure: Structure, locale: str, currency: str
) -> list[Suggestion | None]:
    """Return one suggestion per column, or None; no two go to the same place."""
    guide = _Guide(structure, locale, currency)
    found: list[Suggestion | None] = []
    taken: set[str] = set()
    for place, title in enumerate(header):
        cells = [row[place] for row in samples if place < len(row) and row[place].strip()]
        guess = guide.guess(title, cells)
        if guess and guess.to in taken:
            guess = None
        if guess:
            taken.add(guess.to)
        found.append(guess)
    return found


class _Guide:
    def __init__(self, structure: Structure, locale: str, currency: str):
        self._structure, self._locale, self._currency = structure, locale, currency
        self._grammar = Grammar(structure)
        self._labels = _labels(structure)
        self._synonyms = synonyms()
        self._choices: dict[str, dict[str, str]] = {}

    def guess(self, title: str, cells: list[str]) -> Suggestion | None:
        """Return what a column means: its title as it stands, a label, a synonym, its content."""
        if not title.strip():
            return None
        return self._exact(title) or self._by_words(title, cells) or self._by_content(cells)

    def _exact(self, title: str) -> Suggestion | None:
        main = self._structure.identifier_attribute
        fields = ("family", "parent", "categories", "groups", "enabled", "uuid", "family_variant")
        if title in fields or title in ((main.code if main else "sku"), "identifier"):
            return Suggestion(title, EXACT)
        if title.startswith("#"):
            return Suggestion("#delete", EXACT) if title == "#delete" else None
        if self._grammar.tie(0, title):
            return Suggestion(title, EXACT)
        try:
            self._grammar.value(0, title)
        except Refused:
            return None
        return Suggestion(title, EXACT)

    def _by_words(self, title: str, cells: list[str]) -> Suggestion | None:
        plain, locale = self._without_locale(fold(title))
        for words in dict.fromkeys((fold(title), plain, _without_unit(plain))):
            if code := self._labels.get(words):
                return self._in_unit(code, title, self._to(code, LABEL, cells, locale))
            if meant := self._synonyms.get(words):
                code = self._structure.roles.get(meant) or meant
                return self._in_unit(code, title, self._meant(meant, cells, locale))
        return None

    def _in_unit(self, code: str, title: str, guess: Suggestion | None) -> Suggestion | None:
        """Put the unit that a title names behind every number: “Gewicht (g)”."""
        attribute = self._structure.attributes.get(code)
        if guess is None or attribute is None or attribute.kind != "measurement":
            return guess
        family = self._structure.measurements.get(attribute.measurement_family)
        last = re.split(r"[\s()\[\]/]+", title.strip(" )]"))[-1].casefold()
        for unit, definition in (family.units if family else {}).items():
            if last in (unit.casefold(), str(definition.get("symbol", "")).casefold()):
                return replace(guess, ops=(*guess.ops, {"op": "suffix", "text": f" {unit}"}))
        return guess

    def _without_locale(self, words: str) -> tuple[str, str]:
        """Part a language from the end of a title: “name en”, “beschreibung deutsch”."""
        *rest, last = words.split(" ")
        language = LANGUAGES.get(last, last)
        for code in self._used_locales():
            if rest and language in (code.lower(), code.split("-")[0]):
                return " ".join(rest), code
        if len(rest) > 1:
            pair = f"{rest[-1]}-{last}"
            for code in self._used_locales():
                if code.lower() == pair:
                    return " ".join(rest[:-1]), code
        return words, ""

    def _used_locales(self) -> Iterable[str]:
        used = [code for channel in self._structure.channels.values() for code in channel.locales]
        return dict.fromkeys([*used, *self._structure.locales])

    def _meant(self, meant: str, cells: list[str], locale: str) -> Suggestion | None:
        main = self._structure.identifier_attribute
        if meant == "@identifier":
            return Suggestion(main.code if main else "sku", SYNONYM, ({"op": "trim"},))
        if meant.startswith("@"):
            target = meant[1:]
            return Suggestion(target, SYNONYM, _coding(target, cells, self._structure))
        code = self._structure.roles.get(meant) or meant
        return (
            self._to(code, SYNONYM, cells, locale) if code in self._structure.attributes else None
        )

    def _to(self, code: str, why: str, cells: list[str], locale: str) -> Suggestion | None:
        attribute = self._structure.attributes[code]
        for title in self._titles(attribute, locale):
            return Suggestion(title, why, _operations(attribute, cells, self._structure))
        return None

    def _titles(self, attribute: AttributeDef, locale: str) -> Iterable[str]:
        locale = (locale or self._locale) if attribute.localizable else ""
        channels = list(self._structure.channels) if attribute.scopable else [""]
        for channel in channels:
            try:
                check_address(Address(attribute.code, channel, locale), self._structure)
            except Refused:
                continue
            parts = [attribute.code, to_posix(locale) if locale else "", channel]
            if attribute.kind == "price":
                parts.append(self._currency)
            yield "-".join(part for part in parts if part)

    def _by_content(self, cells: list[str]) -> Suggestion | None:
        if len(cells) < 3:
            return None
        gtin = self._structure.roles.get("gtin")
        if gtin and _share(cells, _is_gtin) >= ENOUGH:
            return self._to(gtin, CONTENT, cells, "")
        image = self._structure.roles.get("image")
        if image and _share(cells, _is_picture) >= ENOUGH:
            return self._to(image, CONTENT, cells, "")
        for target in ("family", "categories"):
            known = self._choices_of(target)
            if all(cell.strip().casefold() in known for cell in cells):
                return Suggestion(target, CONTENT, _coding(target, cells, self._structure))
        return self._by_options(cells)

    def _by_options(self, cells: list[str]) -> Suggestion | None:
        distinct = {cell.strip().casefold() for cell in cells}
        for code in self._structure.options if len(distinct) > 1 else ():
            known = self._choices_of(code)
            if distinct <= known.keys() and code in self._structure.attributes:
                return self._to(code, CONTENT, cells, "")
        return None

    def _choices_of(self, target: str) -> dict[str, str]:
        """Return what a target chooses among; read once for all columns of a file."""
        if target not in self._choices:
            self._choices[target] = codes_by_label(target, self._structure)
        return self._choices[target]


def _labels(structure: Structure) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, attribute in structure.attributes.items():
        if attribute.kind == "identifier":
            continue
        for label in (code, *attribute.labels.values()):
            found.setdefault(fold(label), code)
    return found


def _without_unit(words: str) -> str:
    return re.sub(r" (mm|cm|m|kg|g|l|ml|eur|usd|dkk|pln|url|in|w)$", "", words)


def _operations(attribute: AttributeDef, cells: list[str], structure: Structure) -> tuple:
    if attribute.kind in ("number", "price", "measurement"):
        comma = any(re.search(r"\d,\d", cell) for cell in cells)
        return ({"op": "trim"}, {"op": "decimal_comma"}) if comma else ({"op": "trim"},)
    if attribute.kind in ("select", "multiselect"):
        return _coding(attribute.code, cells, structure)
    if attribute.kind == "date" and any(re.match(r"\d{1,2}\.\d{1,2}\.\d{4}", c) for c in cells):
        return ({"op": "date", "from": "d.m.y"},)
    if attribute.kind == "text":
        return ({"op": "trim"},)
    return ()


def _coding(target: str, cells: list[str], structure: Structure) -> tuple:
    known = codes_by_label(target, structure)
    needed = any(cell.strip() not in known.values() for cell in cells)
    return ({"op": "trim"}, {"op": "code"}) if needed else ()


def _share(cells: list[str], test) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells)


def _is_gtin(text: str) -> bool:
    from stdnum import ean

    plain = text.strip()
    return len(plain) in (8, 12, 13, 14) and plain.isdigit() and ean.is_valid(plain)


def _is_picture(text: str) -> bool:
    return bool(re.search(r"\.(jpe?g|png|webp|avif)(\?.*)?$", text.strip(), re.I))
