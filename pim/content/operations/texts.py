"""Operations on texts: find and replace, and texts put together from other values."""

import re
from dataclasses import dataclass
from html import escape

from ..address import Address, check_address
from ..refusals import UnknownCode, _
from ..structure import AttributeDef, Structure
from .base import Operation, Reading, bad
from .places import Places, Spot
from .plain import SPOKEN, TEXTS, as_text, as_words
from .sheet import Sheet
from .values import read_targets, read_truth

_TAGS = re.compile(r"(<[^>]*>)")
_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_LONGEST = 2000
IDENTIFIER = "identifier"


def _text_targets(document: dict, reading: Reading) -> Places:
    targets = read_targets(document, reading)
    if targets.attribute.kind not in TEXTS:
        raise bad(
            _("“%(attribute)s” holds no text."),
            "not_a_text",
            about="attribute",
            attribute=targets.attribute.code,
        )
    return targets


@dataclass(frozen=True, slots=True)
class Replace(Operation):
    """Find words in the own texts and put others in their place; tags of rich text stay."""

    code = "replace"
    targets: Places
    pattern: re.Pattern
    words: str

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Replace":
        targets = _text_targets(document, reading)
        find, words = document.get("find"), document.get("with", "")
        for name, text in (("find", find), ("with", words)):
            if not isinstance(text, str) or len(text) > _LONGEST:
                raise bad(_("“%(name)s” is a text."), "needs_text", about=name, name=name)
        if not find:
            raise bad(_("Name the words to look for."), "no_words", about="find")
        if targets.attribute.kind == "richtext":
            find, words = escape(find, quote=False), escape(words, quote=False)
        source = re.escape(find)
        if read_truth(document, "whole_words"):
            source = rf"(?<!\w){source}(?!\w)"
        flags = re.IGNORECASE if read_truth(document, "any_case") else 0
        return cls(targets, re.compile(source, flags), words)

    def apply(self, sheet: Sheet) -> None:
        for address in self.targets.addresses:
            text = sheet.read(address) if _own(sheet, address) else None
            if not isinstance(text, str):
                continue
            result, hits = self._replaced(text)
            if hits:
                sheet.hits += hits
                sheet.put(address, result)

    def _replaced(self, text: str) -> tuple[str, int]:
        rich = self.targets.attribute.kind == "richtext"
        parts, hits = _TAGS.split(text) if rich else [text], 0
        for place in range(0, len(parts), 2):
            parts[place], count = self.pattern.subn(lambda _m: self.words, parts[place])
            hits += count
        return "".join(parts), hits

    def reads(self) -> list[Spot]:
        return self.targets.spots()

    def writes(self) -> list[Spot]:
        return self.targets.spots()


def _own(sheet: Sheet, address: Address) -> bool:
    held = sheet.state.values.get(address.locale, {}).get(address.attribute, {})
    return address in sheet.values or address.channel in held


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a template: an attribute at an address, or the product's identifier."""

    attribute: AttributeDef | None
    channel: str = ""
    locale: str = ""

    def address(self, target: Address) -> Address:
        """Return where to read for a target: what is not named is the target's own."""
        return Address(
            self.attribute.code,
            (self.channel or target.channel) if self.attribute.scopable else "",
            (self.locale or target.locale) if self.attribute.localizable else "",
        )


@dataclass(frozen=True, slots=True)
class Concatenate(Operation):
    """Put a text together: `template` holds {attribute}, {attribute@locale}, {identifier}.

    What is missing counts as nothing, and spaces that it leaves fall together; where every
    hole is missing, nothing is written.
    """

    code = "concatenate"
    targets: Places
    parts: tuple[str | Hole, ...]
    if_empty: bool = False

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Concatenate":
        targets = _text_targets(document.get("to"), reading)
        template = document.get("template")
        if not isinstance(template, str) or not 0 < len(template) <= _LONGEST:
            raise bad(_("Name a template such as {brand} {name}."), "no_template", about="template")
        made = cls(targets, tuple(_parts(template, reading.structure)))
        if not any(isinstance(part, Hole) for part in made.parts):
            raise bad(_("The template names no attribute: use “set”."), "no_hole", about="template")
        made._check(reading.structure)
        return cls(targets, made.parts, read_truth(document, "if_empty"))

    def apply(self, sheet: Sheet) -> None:
        if not sheet.takes(self.targets.attribute):
            return
        for address in self.targets.addresses:
            if self.if_empty and sheet.held(address) is not None:
                continue
            words = [self._words(part, address, sheet) for part in self.parts]
            holes = [w for w, part in zip(words, self.parts, strict=True) if isinstance(part, Hole)]
            if any(holes):
                text = re.sub(r"[ \t]+", " ", "".join(words)).strip()
                sheet.put(address, as_text(text, self.targets.attribute))

    def reads(self) -> list[Spot]:
        return [Spot(*source) for source in self._sources()]

    def writes(self) -> list[Spot]:
        return self.targets.spots()

    def _words(self, part: "str | Hole", target: Address, sheet: Sheet) -> str:
        if isinstance(part, str):
            return part
        if part.attribute is None:
            return sheet.state.identifier
        data = sheet.read(part.address(target))
        locale = target.locale or part.locale
        return "" if data is None else as_words(data, part.attribute, locale, sheet)

    def _sources(self) -> list[Address]:
        holes = [p for p in self.parts if isinstance(p, Hole) and p.attribute is not None]
        return [hole.address(to) for hole in holes for to in self.targets.addresses]

    def _check(self, structure: Structure) -> None:
        for source in self._sources():
            check_address(source, structure)
            if source in self.targets.addresses:
                raise bad(
                    _("The template names the attribute that it writes."),
                    "reads_itself",
                    about="template",
                )


def _parts(template: str, structure: Structure):
    """Yield the texts and holes of a template."""
    at = 0
    for found in _HOLE.finditer(template):
        yield template[at : found.start()]
        at = found.end()
        if found[0] in ("{{", "}}"):
            yield found[0][0]
        elif found[1] is None:
            raise bad(
                _("The template has a brace without its other half; write {{ for a brace."),
                "open_brace",
                about="template",
            )
        else:
            yield _hole(found[1].strip(), structure)
    yield template[at:]


def _hole(text: str, structure: Structure) -> Hole:
    code, locale, channel, *_more = (*text.split("@"), "", "")
    attribute = structure.attributes.get(code)
    if attribute is None and code == IDENTIFIER:
        return Hole(None)
    if attribute is None:
        raise UnknownCode(what="attribute", name=code[:100], field="template")
    if attribute == structure.identifier_attribute:
        return Hole(None)
    if attribute.kind not in SPOKEN:
        raise bad(
            _("A value of “%(attribute)s” cannot stand in a text."),
            "not_spoken",
            about="template",
            attribute=code,
        )
    return Hole(attribute, channel, locale)
