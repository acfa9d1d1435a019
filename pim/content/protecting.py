"""Texts in parts: words to translate, and tags and placeholders that must come back untouched."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from .refusals import InvalidValue, _

# Places that software fills in: {name}, {{ name }}, ${name}, %s, %(name)s.
_PLACEHOLDER = (
    r"\{\{[^{}]{1,60}\}\}|\$?\{[A-Za-z0-9_. ]{1,60}\}"
    r"|%\([A-Za-z0-9_]{1,40}\)[sdif]|%[sdif]\b"
)
_PLAIN = re.compile(f"({_PLACEHOLDER})")
_RICH = re.compile(f"(<[^<>]+>|{_PLACEHOLDER})")
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^<>]*?(/?)>", re.I)
_VOID = frozenset({"br", "hr", "img"})
OPEN, CLOSE, LONE = "open", "close", "lone"


@dataclass(frozen=True, slots=True)
class Code:
    """What is protected: `literal` stands in the text, `id` is the same for a pair of tags."""

    id: str
    kind: str
    literal: str


Part = str | Code


def parts_of(text: str, *, rich: bool) -> list[Part]:
    """Return the text as words and codes; `join` gives the very same text back."""
    parts: list[Part] = []
    stack: list[tuple[str, str]] = []
    number = 0
    for piece in (_RICH if rich else _PLAIN).split(text):
        if not piece:
            continue
        tag = _TAG.fullmatch(piece) if rich else None
        if tag is None and not _PLAIN.fullmatch(piece):
            parts.append(unescape(piece) if rich else piece)
            continue
        closing, name = (tag.group(1), tag.group(2).lower()) if tag else ("", "")
        if closing and stack and stack[-1][0] == name:
            parts.append(Code(stack.pop()[1], CLOSE, piece))
            continue
        number += 1
        opens = bool(tag) and not closing and not tag.group(3) and name not in _VOID
        parts.append(Code(str(number), OPEN if opens else LONE, piece))
        if opens:
            stack.append((name, str(number)))
    return _lonely(parts, {code for _name, code in stack})


def join(parts: Sequence[Part], *, rich: bool) -> str:
    """Return the text that the parts make."""
    if not rich:
        return "".join(p.literal if isinstance(p, Code) else p for p in parts)
    text = "".join(p.literal if isinstance(p, Code) else escape(p, quote=False) for p in parts)
    # As the cleaning of rich texts writes it: bare text keeps its no-break spaces.
    return text.replace("\xa0", "&nbsp;") if any(c in text for c in "<&>") else text


def words_of(parts: Sequence[Part]) -> str:
    """Return the words alone, for comparing and for the memory."""
    return " ".join("".join(p if isinstance(p, str) else " " for p in parts).split())


def check_codes(source: Sequence[Part], target: Sequence[Part]) -> None:
    """Raise `InvalidValue` unless the target has every code of the source, once, well nested."""
    # By what they say: numbers count places, and another name at the place is another code.
    wanted = Counter((c.kind, c.literal) for c in source if isinstance(c, Code))
    found = Counter((c.kind, c.literal) for c in target if isinstance(c, Code))
    if missing := list((wanted - found).keys()):
        raise _lacks(missing[0][1])
    if found - wanted:
        raise InvalidValue(
            _("The translation has a tag or placeholder that the source does not have."),
            code="code_added",
        )
    _check_nesting(target)


def _lacks(literal: str) -> InvalidValue:
    return InvalidValue(
        _("The translation lacks “%(literal)s”, which must stay."),
        code="code_missing",
        literal=literal,
    )


def _check_nesting(parts: Sequence[Part]) -> None:
    stack: list[str] = []
    for part in parts:
        if isinstance(part, str) or part.kind == LONE:
            continue
        if part.kind == OPEN:
            stack.append(part.id)
        elif not stack or stack.pop() != part.id:
            raise InvalidValue(
                _("The tags of the translation are not nested as they must be."), code="nesting"
            )


def _lonely(parts: list[Part], unclosed: set[str]) -> list[Part]:
    """Return the parts with tags that nothing closes standing alone."""
    if not unclosed:
        return parts
    return [
        Code(p.id, LONE, p.literal) if isinstance(p, Code) and p.id in unclosed else p
        for p in parts
    ]
