"""What a brand's document must hold before anything may be rendered with it; each no with a cure.

A document is shaped like `tokens.TOKENS`, logos as {"code", "sha256"} or None. Its texts reach
style sheets as they stand, so that nothing but what is named here gets through.
"""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from . import tokens as design
from .contrast import LEAST, contrast, legible
from .fonts import installed, lacking
from .scripts import letters_of

HEX = re.compile(r"#[0-9a-f]{6}")
FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}")
SPOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .+-]{0,62}")
# Text on the grounds that it is set on, in print and on screens alike.
PAIRS = {
    "ink": ("paper", "birch", "linen"),
    "muted": ("paper", "birch", "linen"),
    "accent": ("paper", "birch", "linen"),
    "pine": ("paper", "birch", "linen"),
    "on_dark": ("pine", "accent"),
}
# Colours as sentences call them.
NAMES = {
    "ink": gettext_lazy("Ink"), "muted": gettext_lazy("Muted"), "paper": gettext_lazy("Paper"),
    "birch": gettext_lazy("Birch"), "linen": gettext_lazy("Linen"),
    "accent": gettext_lazy("Accent"), "pine": gettext_lazy("Pine"),
    "on_dark": gettext_lazy("On dark"),
}  # fmt: skip
TEXTS = {"brand": 80}
TAGLINE = 200  # characters in each language
LOGOS = ("logo", "logo_dark")
ROLES = ("sans", "serif", "display", "last")
MOST_FAMILIES = 12
MOST_FACES = 24
# The least and the most of every number, by the part it is in.
RANGES = {"type": (0.5, 6), "space": (0, 12), "radius": (0, 4), "ink_limit": (200, 400)}
SIZES = {"text": (5, 14), "wide": (5, 16), "arabic": (5, 16), "small": (4, 12), "name": (6, 30),
         "price": (6, 30), "chapter": (14, 90), "title": (14, 110)}  # fmt: skip
MARGINS = (4, 60)


class Objection(NamedTuple):
    """One thing that is wrong: where, the sentence, and what fills its places."""

    field: str
    message: str
    params: dict[str, Any] = {}


def whole(document: dict[str, Any] | None) -> dict[str, Any]:
    """Return the document with everything it leaves out as the house has it."""
    given = document or {}
    logos = {name: given.get(name) or None for name in LOGOS}
    return design.merged({**given, **logos})


def objections(document: dict[str, Any], *, locales: Iterable[str]) -> list[Objection]:
    """Return all that speaks against a whole document; the locales are those it must serve."""
    found = [*_strange(document)]
    if found:  # of the wrong shape: nothing else can be asked
        return found
    found += [*_texts(document), *_colours(document), *_numbers(document)]
    found += [*_faces(document["faces"]), *_fonts(document["fonts"], list(locales))]
    if not any(o.field.startswith("colours") for o in found):
        found += [*_contrasts(document["colours"])]
    return found


def _strange(document: dict[str, Any]) -> Iterator[Objection]:
    known = design.TOKENS
    for name in sorted(document.keys() - known.keys(), key=str):
        yield Objection(str(name), _("There is no such token."))
    for name, value in known.items():
        if name in LOGOS:
            ok = document.get(name) is None or isinstance(document[name], dict)
        else:
            ok = isinstance(document.get(name), type(value)) or name in ("radius", "ink_limit")
        if not ok:
            yield Objection(name, _("This is not of the right shape."))
        elif isinstance(value, dict) and name in ("colours", "fonts", "type", "print"):
            yield from _same_names(name, document[name], value)


def _same_names(part: str, given: dict, known: dict) -> Iterator[Objection]:
    for name in sorted(given.keys() ^ known.keys(), key=str):
        unknown = name in given
        message = _("There is no such token.") if unknown else _("This is missing.")
        yield Objection(f"{part}.{name}", message)


def _texts(document: dict[str, Any]) -> Iterator[Objection]:
    for name, most in TEXTS.items():
        yield from _text(name, document[name], most)
    for locale, text in document["tagline"].items():
        yield from _text(f"tagline.{locale}", text, TAGLINE)


def _text(field: str, text: Any, most: int) -> Iterator[Objection]:
    if not isinstance(text, str):
        yield Objection(field, _("This is not of the right shape."))
        return
    if len(text) > most:
        yield Objection(field, _("At most %(most)d characters fit."), {"most": most})
    if any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E for c in text):
        yield Objection(field, _("Control characters cannot be printed: remove them."))


def _colours(document: dict[str, Any]) -> Iterator[Objection]:
    known = document["colours"]
    for name, hue in known.items():
        if not (isinstance(hue, str) and HEX.fullmatch(hue)):
            yield Objection(f"colours.{name}", _("Write the colour as # and six digits: #a0432a."))
    for name, inks in document["cmyk"].items():
        yield from _inks(f"cmyk.{name}", name, inks, document)
    for name, spot in document["spots"].items():
        field = f"spots.{name}"
        if not (isinstance(spot, dict) and spot.keys() == {"name", "cmyk"}):
            yield Objection(field, _("A spot colour has a name and the inks that stand for it."))
        elif not (isinstance(spot["name"], str) and SPOT.fullmatch(spot["name"])):
            yield Objection(field, _("Name the ink in plain letters, as the printer orders it."))
        else:
            yield from _inks(field, name, spot["cmyk"], document)


def _inks(field: str, name: str, inks: Any, document: dict) -> Iterator[Objection]:
    if name not in document["colours"]:
        yield Objection(field, _("There is no such colour."))
    elif not (isinstance(inks, list) and len(inks) == 4 and all(_is(n, 0, 100) for n in inks)):
        yield Objection(field, _("Give four numbers from 0 to 100: cyan, magenta, yellow, black."))
    elif _is(limit := document["ink_limit"], 1, 400) and sum(inks) > limit:
        message = _(
            "%(total)g %% of ink is more than the limit of %(limit)g %%: paper would not dry."
            " Take %(less)g %% away, best equally of cyan, magenta and yellow."
        )
        told = {"total": sum(inks), "limit": limit, "less": sum(inks) - limit}
        yield Objection(field, message, told)


def _numbers(document: dict[str, Any]) -> Iterator[Objection]:
    asked = [(f"type.{n}", v, RANGES["type"]) for n, v in document["type"].items()]
    asked += [(f"space.{n}", v, RANGES["space"]) for n, v in enumerate(document["space"], 1)]
    asked += [(n, document[n], RANGES[n]) for n in ("radius", "ink_limit")]
    asked += [(f"print.{n}", v, SIZES.get(n, MARGINS)) for n, v in document["print"].items()]
    for field, value, (least, most) in asked:
        if not _is(value, least, most):
            message = _("Give a number from %(least)g to %(most)g.")
            yield Objection(field, message, {"least": least, "most": most})
    if len(document["space"]) != len(design.TOKENS["space"]):
        message = _("Give %(count)d distances, the smallest first.")
        yield Objection("space", message, {"count": len(design.TOKENS["space"])})


def _is(value: Any, least: float, most: float) -> bool:
    """Say whether it is a finite number in the range, and no boolean."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value) and least <= value <= most


def _faces(faces: list[dict[str, str]]) -> Iterator[Objection]:
    if len(faces) > MOST_FACES:
        yield Objection("faces", _("Bring at most %(most)d fonts along."), {"most": MOST_FACES})
    seen: set[tuple[str, str]] = set()
    for face in faces:
        if (which := (face["family"], face["style"])) in seen:
            message = _("“%(family)s” %(style)s is there twice: take one of its files away.")
            yield Objection("faces", message, {"family": face["family"], "style": face["style"]})
        seen.add(which)


def _fonts(fonts: dict[str, Any], locales: list[str]) -> Iterator[Objection]:
    bad = False
    for role in ROLES:
        if not isinstance(fonts[role], list) or len(fonts[role]) > MOST_FAMILIES:
            bad = True
            message = _("Name at most %(most)d families.")
            yield Objection(f"fonts.{role}", message, {"most": MOST_FAMILIES})
            continue
        for family in fonts[role]:
            named = isinstance(family, str) and FAMILY.fullmatch(family)
            if not named or not installed(family):
                bad = True
                message = _("The family “%(family)s” is not installed here: install it on "
                            "every machine, or choose another.")  # fmt: skip
                yield Objection(f"fonts.{role}", message, {"family": str(family)[:60]})
    if not bad:
        yield from _unwritable(fonts, locales)


def _unwritable(fonts: dict[str, list], locales: list[str]) -> Iterator[Objection]:
    for role in ROLES[:3]:
        families = [*fonts[role], *fonts["last"]]
        for locale in locales:
            if missing := lacking(families, letters_of(locale)):
                message = _("None of these families has the letters %(letters)s of the locale "
                            "%(locale)s: add one that has.")  # fmt: skip
                told = {"letters": " ".join(missing[:8]), "locale": locale}
                yield Objection(f"fonts.{role}", message, told)


def _contrasts(colours: dict[str, str]) -> Iterator[Objection]:
    for text, grounds in PAIRS.items():
        hues = [colours[ground] for ground in grounds]
        worst = min(grounds, key=lambda ground: contrast(colours[text], colours[ground]))
        ratio = contrast(colours[text], colours[worst])
        if ratio >= LEAST:
            continue
        cure = legible(colours[text], hues)
        told = {"text": NAMES[text], "ground": NAMES[worst], "ratio": f"{ratio:.1f}", "cure": cure}
        message = _("“%(text)s” on “%(ground)s” has a contrast of %(ratio)s : 1, and text needs "
                    "4.5 : 1. Take %(cure)s, or change the ground.")  # fmt: skip
        hopeless = _(
            "“%(text)s” on “%(ground)s” has a contrast of %(ratio)s : 1, and text needs 4.5 : 1."
            " Its grounds differ too much: bring them closer together."
        )
        yield Objection(f"colours.{text}", message if cure else hopeless, told)
