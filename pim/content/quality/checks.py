"""The checks: each looks at a subject by one rule, and says how much it saw and what is wrong.

A check is a function (subject, rule) → (how many things it looked at, findings). A further one,
such as translations that are outdated, is a function and a line in CHECKS.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from typing import Any

from .subject import Finding, Subject

_MM = 25.4
_SPACES = re.compile(r"\s+")
_TEXTS = ("text", "textarea", "richtext")


@dataclass(frozen=True)
class Rule:
    """One rule with its weight; `channels`, `families` and `locales` empty mean all.

    `attributes` are codes, `roles` semantic roles; `params` depend on the kind.
    """

    code: str
    kind: str
    weight: int = 10
    channels: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    locales: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def applies(self, subject: Subject) -> bool:
        """Return whether the rule speaks of the subject at all."""
        family = subject.family.code if subject.family else ""
        return (
            (not self.channels or subject.channel.code in self.channels)
            and (not self.locales or subject.locale in self.locales)
            and (not self.families or family in self.families)
        )

    @cached_property
    def forbidden(self) -> dict[str, re.Pattern]:
        """{locale: a pattern of its forbidden words}, whole words, whatever their case."""
        return {
            locale: re.compile(
                r"(?<!\w)(?:" + "|".join(re.escape(w) for w in words) + r")(?!\w)", re.IGNORECASE
            )
            for locale, words in (self.params.get("words") or {}).items()
            if words
        }


Seen = tuple[int, list[Finding]]


def completeness(subject: Subject, rule: Rule) -> Seen:
    """What the channel requires and the product lacks, in the locale and for all locales."""
    missing = [m for m in subject.missing if m[1] in ("", subject.locale)]
    return subject.required, [
        Finding(rule.code, "missing", attribute, locale) for attribute, locale in missing
    ]


def length(subject: Subject, rule: Rule) -> Seen:
    """Texts shorter than `min` or longer than `max` characters."""
    least, most = rule.params.get("min") or 0, rule.params.get("max") or 0
    looked, found = 0, []
    for attribute, text in _texts(subject, rule):
        looked += 1
        size = len(text)
        if size < least or (most and size > most):
            kind = "too_short" if size < least else "too_long"
            limit = least if size < least else most
            found.append(_at(subject, rule, attribute, kind, size=size, limit=limit))
    return looked, found


def forbidden_words(subject: Subject, rule: Rule) -> Seen:
    """Texts that hold a word which the locale must not have; `words` is {locale: [words]}."""
    pattern = rule.forbidden.get(subject.locale)
    if pattern is None:
        return 0, []
    looked, found = 0, []
    for attribute, text in _texts(subject, rule):
        if not attribute.localizable:
            continue
        looked += 1
        words = sorted({match.casefold() for match in pattern.findall(text)})
        if words:
            what = ", ".join(words)
            found.append(_at(subject, rule, attribute, "forbidden_word", words=what))
    return looked, found


def duplicate(subject: Subject, rule: Rule) -> Seen:
    """Texts of the product's own that another product has word for word."""
    looked, found = 0, []
    own = subject.chain[0][1]
    for attribute in _meant(subject, rule):
        locale = subject.locale if attribute.localizable else ""
        channel = subject.channel.code if attribute.scopable else ""
        if not own.get(locale, {}).get(attribute.code, {}).get(channel):
            continue
        looked += 1
        if twins := subject.twins.get((attribute.code, channel, locale)):
            who = ", ".join(twins[:3])
            found.append(_at(subject, rule, attribute, "duplicate", products=who))
    return looked, found


def image_resolution(subject: Subject, rule: Rule) -> Seen:
    """Pictures with fewer pixels than `mm` at `dpi` need, along their longer side."""
    needed = int(float(rule.params.get("mm") or 100) / _MM * float(rule.params.get("dpi") or 200))
    looked, found = 0, []
    for attribute, picture in _pictures(subject, rule):
        if not picture.width:
            continue
        looked += 1
        longest = max(picture.width, picture.height or 0)
        if longest < needed:
            what = {"asset": picture.code, "size": longest, "limit": needed}
            found.append(_at(subject, rule, attribute, "low_resolution", **what))
    return looked, found


def alt_text(subject: Subject, rule: Rule) -> Seen:
    """Pictures without an alternative text in the locale or one that it falls back to."""
    looked, found = 0, []
    for attribute, picture in _pictures(subject, rule):
        looked += 1
        if not any(picture.alt.get(code) for code in subject.structure.chain(subject.locale)):
            found.append(_at(subject, rule, attribute, "no_alt_text", asset=picture.code))
    return looked, found


def gtin(subject: Subject, rule: Rule) -> Seen:
    """Trade item numbers whose length or check digit is wrong (GS1 General Specifications)."""
    looked, found = 0, []
    for attribute in _meant(subject, rule):
        text = subject.data(attribute)
        if not isinstance(text, str) or not text:
            continue
        looked += 1
        if not is_gtin(text):
            found.append(_at(subject, rule, attribute, "bad_gtin", value=text[:20]))
    return looked, found


def is_gtin(text: str) -> bool:
    """Return whether the text is 8, 12, 13 or 14 digits with the right check digit."""
    if len(text) not in (8, 12, 13, 14) or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(d) for d in reversed(text)]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


CHECKS: dict[str, Callable[[Subject, Rule], Seen]] = {
    "completeness": completeness,
    "length": length,
    "forbidden_words": forbidden_words,
    "duplicate": duplicate,
    "image_resolution": image_resolution,
    "alt_text": alt_text,
    "gtin": gtin,
}
# The semantic roles that a check looks at where its rule names nothing.
USUAL_ROLES = {
    "duplicate": ("description", "short_description", "meta_description"),
    "forbidden_words": (
        "name", "description", "short_description", "meta_title", "meta_description", "keywords",
    ),
    "image_resolution": ("image", "gallery"),
    "alt_text": ("image", "gallery"),
    "gtin": ("gtin",),
}  # fmt: skip


def fingerprint(text: str) -> str:
    """Return what two texts share where they say the same, spaces, tags and case aside."""
    plain = _SPACES.sub(" ", plain_text(text)).strip().casefold()
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


class _Plain(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data):
        self.parts.append(data)


@lru_cache(maxsize=4096)
def plain_text(text: str) -> str:
    """Return the text without its tags."""
    if "<" not in text:
        return text
    parser = _Plain()
    parser.feed(text)
    return "".join(parser.parts)


def _meant(subject: Subject, rule: Rule) -> list:
    roles = rule.roles or (() if rule.attributes else USUAL_ROLES.get(rule.kind, ()))
    return subject.attributes(rule.attributes, roles)


def _texts(subject: Subject, rule: Rule):
    """Yield (attribute, plain text) of what the rule means and the subject has here."""
    for attribute in _meant(subject, rule):
        data = subject.data(attribute) if attribute.kind in _TEXTS else None
        if isinstance(data, str) and data:
            yield attribute, plain_text(data)


def _pictures(subject: Subject, rule: Rule):
    for attribute in _meant(subject, rule):
        for code in subject.data(attribute) or ():
            picture = subject.pictures.get(code)
            if picture is not None and picture.kind == "image":
                yield attribute, picture


def _at(subject: Subject, rule: Rule, attribute, kind: str, **params) -> Finding:
    locale = subject.locale if attribute.localizable or kind == "no_alt_text" else ""
    return Finding(rule.code, kind, attribute.code, locale, tuple(sorted(params.items())))
