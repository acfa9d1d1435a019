"""The form of a brand: every token as a field named by its path, and back to a document."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from pim.published import structure
from syndication.rendering import tokens as design
from syndication.rendering.brand_rules import LOGOS, PAIRS, ROLES, TEXTS
from syndication.rendering.faces import missing_letters

TAGLINE = "tagline."  # before the locale in the name of a field
COLOURS = {
    "ink": _("Ink: running text"),
    "muted": _("Muted: what is said beside"),
    "rule": _("Rule: lines"),
    "paper": _("Paper: the page"),
    "birch": _("Birch: the ground of screens"),
    "linen": _("Linen: quiet boxes"),
    "accent": _("Accent: prices, links"),
    "accent_soft": _("Accent, soft"),
    "pine": _("Pine: covers, heads"),
    "pine_soft": _("Pine, soft"),
    "on_dark": _("On dark: text on pine and accent"),
}
WORDS = {
    "brand": _("Name as it is set"),
    "logo": _("Logo for light ground"),
    "logo_dark": _("Logo for dark ground"),
    "sans": _("Sans: what is compared"),
    "serif": _("Serif: what is read"),
    "display": _("Display: headings"),
    "last": _("Last resort, for other scripts"),
    "faces": _("Fonts of the brand: codes of assets"),
    "ink_limit": _("Most ink on a spot, per cent"),
    "radius": _("Rounded corners, rem"),
    "space": _("Distances of screens, rem"),
}

SIZES = {
    "type.small": _("Small"),
    "type.body": _("Running text"),
    "type.lead": _("Introductions"),
    "type.h3": _("Headings, smallest"),
    "type.h2": _("Headings"),
    "type.h1": _("Title of a page"),
    "print.text": _("Running text"),
    "print.wide": _("Text of wide cards"),
    "print.arabic": _("Arabic text"),
    "print.small": _("Smallest text"),
    "print.name": _("Names"),
    "print.price": _("Prices"),
    "print.chapter": _("Titles of chapters"),
    "print.title": _("Title of the cover"),
    "print.inner": _("Margin, inside"),
    "print.outer": _("Margin, outside"),
    "print.top": _("Margin, above"),
    "print.bottom": _("Margin, below"),
    "print.gutter": _("Between columns"),
}


def rows_of(document: dict[str, Any], errors: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what the template shows: fields by part, each with its value and what is wrong."""

    def row(path: str, label, value) -> dict:
        return {"path": path, "label": label, "value": value, "errors": errors.get(path, [])}

    sizes = {part: document[part] for part in ("type", "print")}
    logos = {name: (document.get(name) or {}).get("code", "") for name in LOGOS}
    return {
        "texts": [row(name, WORDS[name], document[name]) for name in TEXTS],
        "taglines": [
            row(f"{TAGLINE}{code}", code, document["tagline"].get(code, "")) | {"falls": falls}
            for code, falls in _languages(document)
        ],
        "logos": [row(name, WORDS[name], logos[name]) for name in LOGOS],
        "colours": [_colour(name, document, row) for name in document["colours"]],
        "fonts": [
            row(f"fonts.{role}", WORDS[role], ", ".join(map(str, document["fonts"][role])))
            for role in ROLES
        ],
        "faces": row(
            "faces", WORDS["faces"], ", ".join(face["code"] for face in document["faces"])
        ),
        "limits": [row("ink_limit", WORDS["ink_limit"], document["ink_limit"])],
        "sizes": [
            (part, [row(at, SIZES.get(at, at), size) for at, size in _paths(part, held)])
            for part, held in sizes.items()
        ],
        "screens": [
            row("space", WORDS["space"], " ".join(f"{n:g}" for n in document["space"])),
            row("radius", WORDS["radius"], document["radius"]),
        ],
    }


def _languages(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the locales that the brand can speak in, each with what it says where it says
    nothing of its own."""
    known, said = structure(), document["tagline"]
    enabled = [code for code, locale in known.locales.items() if locale.enabled]
    rest = [code for code in said if code not in enabled]
    chains = {code: known.chain(code)[1:] for code in (*sorted(enabled), *sorted(rest))}
    return [(code, next(filter(None, map(said.get, up)), "")) for code, up in chains.items()]


def faces_shown(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the families that the brand brings along: styles, and the letters that they lack."""
    faces = [face for face in document.get("faces") or [] if face.get("family")]
    locales = [code for code, locale in structure().locales.items() if locale.enabled]
    lacking = missing_letters({"faces": faces}, locales)
    rows: dict[str, dict] = {}
    for face in faces:
        row = rows.setdefault(face["family"], {"family": face["family"], "styles": []})
        row["styles"].append(face["style"])
    for family, row in rows.items():
        missing = lacking.get(family, {})
        row["lacking"] = [f"{locale}: {letters}" for locale, letters in missing.items()]
    return list(rows.values())


def _paths(part: str, held: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(f"{part}.{name}", value) for name, value in held.items()]


def _colour(name: str, document: dict, row) -> dict:
    inks = document["cmyk"].get(name)
    spot = document["spots"].get(name)
    return {
        "name": name,
        "label": COLOURS.get(name, name),
        "grounds": PAIRS.get(name, ()),
        "hue": row(f"colours.{name}", COLOURS.get(name, name), document["colours"][name]),
        "inks": row(f"cmyk.{name}", "", " ".join(f"{n:g}" for n in inks) if inks else ""),
        "spot": row(f"spots.{name}", "", spot["name"] if spot else ""),
    }


def document_of(post: Mapping[str, str]) -> dict[str, Any]:
    """Return the document that a posted form comes to; what is no number stays a text.

    The rules refuse it then by its place; nothing typed is lost.
    """
    house = design.TOKENS
    document: dict[str, Any] = {name: post.get(name, "").strip() for name in TEXTS}
    said = {name.removeprefix(TAGLINE): text.strip() for name, text in post.items()
            if name.startswith(TAGLINE)}  # fmt: skip
    document["tagline"] = {locale: text for locale, text in said.items() if text}
    for name in LOGOS:
        code = post.get(name, "").strip()
        document[name] = {"code": code} if code else None
    colours = house["colours"]
    document["colours"] = {n: post.get(f"colours.{n}", "").strip().lower() for n in colours}
    inks = {name: _numbers(post.get(f"cmyk.{name}", "")) for name in colours}
    document["cmyk"] = {name: found for name, found in inks.items() if found}
    spots = {name: post.get(f"spots.{name}", "").strip() for name in colours}
    document["spots"] = {
        name: {"name": ink, "cmyk": inks[name] or [0, 0, 0, 100]} for name, ink in spots.items()
        if ink
    }  # fmt: skip
    document["fonts"] = {
        role: [part.strip() for part in post.get(f"fonts.{role}", "").split(",") if part.strip()]
        for role in ROLES
    }
    faces = post.get("faces", "").replace(",", " ").split()
    document["faces"] = [{"code": code} for code in faces]
    for part in ("type", "print"):
        document[part] = {name: _number(post.get(f"{part}.{name}", "")) for name in house[part]}
    document["space"] = _numbers(post.get("space", ""))
    document["radius"] = _number(post.get("radius", ""))
    document["ink_limit"] = _number(post.get("ink_limit", ""))
    return document


def _numbers(text: str) -> list:
    return [_number(part) for part in text.replace(";", " ").split()]


def _number(text: str):
    plain = text.strip().replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return plain
    return int(number) if number.is_integer() else number
