"""The checks: each looks at a subject by one rule, and says how much it saw and what is wrong.

A check is a function (subject, rule) → (how many things it looked at, findings). A further one
is a function and a line in CHECKS.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from math import ceil

from pim.content.gtins import is_gtin
from pim.content.kinds.texts import plain_text
from pim.content.packaging import packaging_attributes
from pim.content.packaging_doubts import doubts

from .rule import Rule
from .subject import Finding, Subject

_MM = 25.4
_TEXTS = ("text", "textarea", "richtext")
_GTIN_SIZES = (8, 12, 13, 14)


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
    """Texts that hold a word which the locale must not have; `words` is {locale: [words]}.

    What is the same in all locales is read in this one, too.
    """
    pattern = rule.forbidden_in(subject.structure.chain(subject.locale))
    if pattern is None:
        return 0, []
    looked, found = 0, []
    for attribute, text in _texts(subject, rule):
        looked += 1
        words = sorted({" ".join(match.casefold().split()) for match in pattern.findall(text)})
        if words:
            what = ", ".join(words)
            found.append(_at(subject, rule, attribute, "forbidden_word", words=what))
    return looked, found


def outdated(subject: Subject, rule: Rule) -> Seen:
    """Translations whose source text was changed after they were made."""
    known = subject.structure.locales.get(subject.locale)
    if known is None or not known.source or known.source in subject.sight.locales:
        return 0, []
    looked, found = 0, []
    for attribute in _translated(subject, rule):
        holder = subject.holder(attribute) if subject.data(attribute) else None
        if holder is None or not holder.has(attribute, known.source, subject.channel):
            continue
        looked += 1
        place = (holder.identifier, attribute.code, subject.channel_of(attribute), subject.locale)
        if place in subject.outdated:
            found.append(_at(subject, rule, attribute, "outdated", source=known.source))
    return looked, found


def duplicate(subject: Subject, rule: Rule) -> Seen:
    """Texts of the product's own that another product has word for word."""
    looked, found = 0, []
    own = subject.chain[0][1]
    for attribute in _meant(subject, rule):
        locale = subject.locale if attribute.localizable else ""
        channel = subject.channel_of(attribute)
        if not own.get(locale, {}).get(attribute.code, {}).get(channel):
            continue
        looked += 1
        if twins := subject.twins.get((attribute.code, channel, locale)):
            found.append(_at(subject, rule, attribute, "duplicate", products=list(twins[:3])))
    return looked, found


def image_resolution(subject: Subject, rule: Rule) -> Seen:
    """Pictures with fewer pixels than `mm` at `dpi` need, along their longer side."""
    inches = float(rule.params.get("mm") or 100) / _MM
    needed = ceil(inches * float(rule.params.get("dpi") or 200) - 1e-6)
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
    chain = [c for c in subject.structure.chain(subject.locale) if c not in subject.sight.locales]
    for attribute, picture in _pictures(subject, rule):
        looked += 1
        if not any(picture.alt.get(code) for code in chain):
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
            kind = "bad_gtin" if _has_digits(text) else "no_gtin"
            found.append(_at(subject, rule, attribute, kind, value=text[:20]))
    return looked, found


def packaging(subject: Subject, rule: Rule) -> Seen:
    """Levels of packaging that weigh less than their content, lack a GTIN, and the like."""
    held = packaging_attributes(subject.structure)
    role = subject.attributes((), ("gtin",))
    own = next((d for a in role if isinstance(d := subject.data(a), str)), "")
    looked, found = 0, []
    for attribute in subject.attributes(rule.attributes or tuple(held), ()):
        levels = subject.data(attribute) if attribute.code in held else None
        for doubt in doubts(levels or (), subject.structure, gtin=own):
            params = {k: v for k, v in doubt.params.items() if k != "part"}
            found.append(_at(subject, rule, attribute, doubt.code, **params))
        looked += len(levels or ())
    return looked, found


def _has_digits(text: str) -> bool:
    return len(text) in _GTIN_SIZES and text.isascii() and text.isdigit()


CHECKS: dict[str, Callable[[Subject, Rule], Seen]] = {
    "completeness": completeness,
    "length": length,
    "outdated": outdated,
    "forbidden_words": forbidden_words,
    "duplicate": duplicate,
    "image_resolution": image_resolution,
    "alt_text": alt_text,
    "gtin": gtin,
    "packaging": packaging,
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


def fingerprint(text: str, *, rich: bool = False) -> str:
    """Return what two texts share where they say the same, spaces, tags and case aside."""
    plain = " ".join((_without_tags(text) if rich else text).split()).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


_without_tags = lru_cache(maxsize=4096)(plain_text)


def _meant(subject: Subject, rule: Rule) -> list:
    roles = rule.roles or (() if rule.attributes else USUAL_ROLES.get(rule.kind, ()))
    return subject.attributes(rule.attributes, roles)


def _translated(subject: Subject, rule: Rule) -> list:
    """Return the localizable texts that the rule means: all of them where it names none."""
    named = rule.attributes or rule.roles
    meant = _meant(subject, rule) if named else subject.all_attributes()
    return [a for a in meant if a.localizable and a.kind in _TEXTS]


def _texts(subject: Subject, rule: Rule):
    """Yield (attribute, plain text) of what the rule means and the subject has here."""
    for attribute in _meant(subject, rule):
        data = subject.data(attribute) if attribute.kind in _TEXTS else None
        if isinstance(data, str) and data:
            yield attribute, _without_tags(data) if attribute.kind == "richtext" else data


def _pictures(subject: Subject, rule: Rule):
    for attribute in _meant(subject, rule):
        for code in subject.data(attribute) or ():
            picture = subject.pictures.get(code)
            if picture is not None and picture.kind == "image":
                yield attribute, picture


def _at(subject: Subject, rule: Rule, attribute, kind: str, **params) -> Finding:
    locale = subject.locale if attribute.localizable or kind == "no_alt_text" else ""
    return Finding(rule.code, kind, attribute.code, locale, tuple(sorted(params.items())))
