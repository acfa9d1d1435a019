"""Typefaces that a brand brings along, under names that change with their bytes.

`tokens["faces"]` has {"family", "style", "sha256"} each. A family that `tokens["fonts"]` names
and that is brought along is set under its alias, its name with a digest of its files: whatever
depends on the name of a family depends on its bytes then, and two states of it never meet. The
files lie unpacked in one folder of this machine, named by alias and style.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from .fonts import lacking
from .scripts import letters_of

ALIAS = re.compile(r'"([A-Za-z0-9][A-Za-z0-9 _-]* [0-9a-f]{12})"')
WEB_NAME = re.compile(r"([A-Za-z0-9_-]+[0-9a-f]{12})-(Regular|Bold|Italic|BoldItalic)\.woff2")
PLAIN = ("", "regular", "book", "roman", "normal")  # how makers call the regular style
WEIGHTS = {"Regular": (400, "normal"), "Bold": (700, "normal"),
           "Italic": (400, "italic"), "BoldItalic": (700, "italic")}  # fmt: skip


def face_of(path: Path) -> tuple[str, str]:
    """Return family and style of a font that was checked when it was taken in."""
    from fontTools.ttLib import TTFont

    with TTFont(str(path), lazy=True) as font:
        family, style = (font["name"].getDebugName(number) or "" for number in (1, 2))
    words = style.split()
    slants = [word for word in words if word.lower() in ("italic", "oblique")]
    weight = " ".join(word for word in words if word not in slants)
    named, bold = family.strip(), weight.lower() == "bold"
    if not bold and weight.lower() not in PLAIN and not named.lower().endswith(weight.lower()):
        named = f"{named} {weight}"  # a weight besides is a family of its own
    return named, ("Bold" if bold else "") + ("Italic" if slants else "") or "Regular"


def missing_letters(tokens: dict[str, Any], locales: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return {family: {locale: letters}} of what families that are brought along do not have."""
    found: dict[str, dict[str, str]] = {}
    for family, alias in aliases(tokens.get("faces") or []).items():
        for locale in locales:
            if letters := lacking([alias], letters_of(locale)):
                found.setdefault(family, {})[locale] = " ".join(letters[:12])
    return found


def aliases(faces: Iterable[dict[str, str]]) -> dict[str, str]:
    """Return {family: the name that it is set under}."""
    found: dict[str, list[str]] = {}
    for face in faces:
        found.setdefault(face["family"], []).append(f"{face['style']}:{face['sha256']}")
    return {
        family: f"{family} {hashlib.sha256('|'.join(sorted(parts)).encode()).hexdigest()[:12]}"
        for family, parts in found.items()
    }


def aliased(tokens: dict[str, Any]) -> dict[str, Any]:
    """Return the tokens with the families that are brought along under their aliases."""
    known = aliases(tokens.get("faces") or [])
    if not known:
        return tokens
    fonts = {
        role: [known.get(family, family) for family in families]
        for role, families in tokens["fonts"].items()
    }
    return {**tokens, "fonts": fonts}


def lay_ready(faces: Iterable[dict[str, str]], bring: Callable[[str], Path]) -> None:
    """Have the files of these typefaces in their folder; `bring` gives a file by its digest."""
    faces = list(faces)
    known = aliases(faces)
    for face in faces:
        stem = known[face["family"]].replace(" ", "")
        target = settings.FONT_FOLDER / f"{stem}-{face['style']}.ttf"
        if not target.exists():
            _convert(bring(face["sha256"]), target, flavor=None)


def _convert(source: Path, target: Path, *, flavor: str | None) -> None:
    from fontTools.ttLib import TTFont

    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file, TTFont(str(source), recalcTimestamp=False) as font:
        font.flavor = flavor
        font.save(file, reorderTables=None)
    os.replace(name, target)


def print_rules(css: str) -> Iterator[tuple[str, dict[str, Path]]]:
    """Yield for each family of a style sheet that was brought along the rules that make it known,
    and its files by the names that they have in them."""
    for alias in sorted(set(ALIAS.findall(css))):
        files = dict(_files(alias))
        named = {f"face-{path.stem}": path for path in files.values()}
        if files:
            rules = (_rule(alias, style, f"asset:face-{p.stem}") for style, p in files.items())
            yield "\n".join(rules), named


def web_names(tokens: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return {file name: (alias, style)} of what pages with these tokens show."""
    listed = (family for families in tokens["fonts"].values() for family in families)
    known = set(aliases(tokens.get("faces") or []).values())
    return {
        f"{path.stem}.woff2": (alias, style)
        for alias in dict.fromkeys(listed)
        if alias in known
        for style, path in _files(alias)
    }


def web_rules(tokens: dict[str, Any], address: Callable[[str], str]) -> str:
    """Return the @font-face rules of pages; `address` says where a file is."""
    return "\n".join(
        _rule(alias, style, address(name), form=" format('woff2')")
        for name, (alias, style) in web_names(tokens).items()
    )


def web_file(name: str, *, cache: Path) -> Path:
    """Return the WOFF2 of that name, packed if need be; KeyError where there is no such font."""
    found = WEB_NAME.fullmatch(name)
    source = settings.FONT_FOLDER / f"{Path(name).stem}.ttf"
    if not found or not source.is_file():
        raise KeyError(name)
    target = cache / name
    if not target.exists():
        _convert(source, target, flavor="woff2")
    return target


def _files(alias: str) -> Iterator[tuple[str, Path]]:
    for style in WEIGHTS:
        path = settings.FONT_FOLDER / f"{alias.replace(' ', '')}-{style}.ttf"
        if path.is_file():
            yield style, path


def _rule(alias: str, style: str, address: str, *, form: str = "") -> str:
    weight, slant = WEIGHTS[style]
    return (
        f'@font-face {{ font-family: "{alias}"; font-weight: {weight}; font-style: {slant};'
        f" font-display: swap; src: url({address}){form}; }}"
    )
