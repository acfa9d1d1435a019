"""Fonts from fixed folders: whole files for print, WOFF2 subsets of the same files for screens.

Those that a brand brings along lie in a folder of their own (see faces.py).

Print never gets web-font subsets: several subsets under one family name print wrong glyphs.
"""

import hashlib
import io
import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FOLDERS = (
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto"),
)
WORD = re.compile(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|\d+")
STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
JOINED = 0.86  # of the width of Arabic letters apart: joined they are narrower
WIDE = 1.0  # of a character that none of the asked families has, in its size
BASIC = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0–—‘’“”„…·×€°±²³"


class FontMissing(LookupError):
    """A family of the tokens is not installed in the fixed folders."""


@lru_cache(maxsize=256)
def font_path(family: str, style: str = "Regular") -> Path:
    """Return the file of "Noto Sans" in a style; a style that does not exist is the regular."""
    stem = family.replace(" ", "")
    names = [f"{stem}-{style}", f"{stem}-Regular", stem]
    folders = (*FOLDERS, settings.FONT_FOLDER)
    found = [f / f"{n}.{e}" for n in names for f in folders for e in ("ttf", "otf", "ttc")]
    path = next((p for p in found if p.is_file()), None)
    path = path or _collection(family, style)
    if path is None:
        raise FontMissing(f"{family} {style}")
    return path


def _collection(family: str, style: str) -> Path | None:
    """Return the CJK collection: one file holds every regional form of the family."""
    if " CJK" not in family:
        return None
    stem = family.rsplit(" ", 1)[0].replace(" ", "")
    weight = "Bold" if "Bold" in style else "Regular"
    found = (folder / f"{stem}-{weight}.ttc" for folder in FOLDERS)
    return next((p for p in found if p.is_file()), None)


def installed(family: str) -> bool:
    """Say whether the family is there."""
    try:
        return bool(font_path(family))
    except FontMissing:
        return False


@lru_cache(maxsize=1)
def families() -> list[str]:
    """Return the families there are, as the tokens name them."""
    found = set()
    for path in (p for folder in FOLDERS if folder.is_dir() for p in folder.iterdir()):
        stem, _, style = path.stem.partition("-")
        if style in ("", "Regular") and path.suffix in (".ttf", ".otf"):
            found.add(" ".join(WORD.findall(stem)))
    return sorted(name for name in found if installed(name))


@lru_cache(maxsize=256)
def font_digest(path: Path) -> str:
    """Return the sha256 of a font file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=16)
def fonts_digest(families: tuple[str, ...]) -> str:
    """Return one digest of the families' files: part of every fragment key."""
    parts = [
        f"{family}/{style}:{font_digest(font_path(family, style))}"
        for family in families
        for style in ("Regular", "Bold")
        if installed(family)
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def woff2(family: str, *, style: str, text: str, cache: Path) -> Path:
    """Return a WOFF2 of the family with the characters of `text` and basic Latin, made if need be.

    Layout features (Arabic joining, ligatures, kerning) are kept. The file's name is the digest
    of the font and the characters, so that the same need is met by the same bytes.
    """
    source = font_path(family, style)
    wanted = "".join(sorted(set(BASIC + text)))
    key = hashlib.sha256(f"1|{font_digest(source)}|{wanted}".encode()).hexdigest()
    target = cache / f"{family.replace(' ', '')}-{style}-{key[:16]}.woff2"
    if not target.exists():
        _write(target, _subset(source, wanted, family))
    return target


def _subset(source: Path, characters: str, family: str) -> bytes:
    from fontTools import subset

    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    options.font_number = _face_number(source, family)
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out, reorderTables=None)
    return out.getvalue()


def _face_number(source: Path, family: str) -> int:
    if source.suffix != ".ttc":
        return -1
    from fontTools.ttLib import TTCollection

    faces = TTCollection(str(source), lazy=True).fonts
    return next((n for n, f in enumerate(faces) if f["name"].getDebugName(1) == family), 0)


def covers(family: str, text: str) -> bool:
    """Say whether the family has at least one character of `text` beyond basic Latin."""
    characters = {ord(c) for c in text} - {ord(c) for c in BASIC}
    return bool(characters & characters_of(family))


def lacking(families: list[str], text: str) -> list[str]:
    """Return the characters of `text` that none of the families has."""
    known = frozenset().union(*(characters_of(f) for f in families if installed(f)))
    return sorted(c for c in set(text) if ord(c) not in known)


@lru_cache(maxsize=32)
def characters_of(family: str) -> frozenset[int]:
    """Return the code points that the family has, by its character map."""
    from fontTools.ttLib import TTFont

    source = font_path(family)
    with TTFont(str(source), lazy=True, fontNumber=_face_number(source, family)) as font:
        return frozenset(font.getBestCmap())


def width_of(text: str, families: list[str], *, style: str = "Regular") -> float:
    """Return how wide a text is in its own size, set in the first families that have its
    characters; joined letters may take less."""
    widths = _widths(tuple(families), style)
    return sum([widths[c] for c in text])


def set_width(text: str, families: list[str], *, style: str = "Regular") -> float:
    """Return how wide a text will be in its own size: never less, and little more."""
    share = JOINED if ARABIC.search(text) else 1.0
    return width_of(text, families, style=style) * share


@lru_cache(maxsize=32)
def _widths(families: tuple[str, ...], style: str) -> "_Widths":
    return _Widths(families, style)


class _Widths(dict):
    """The width of a character by the first family that has it; no family is read in vain."""

    def __init__(self, families: tuple[str, ...], style: str):
        super().__init__()
        self.families, self.style = families, style

    def __missing__(self, character: str) -> float:
        code = ord(character)
        tables = (advances(family, self.style) for family in self.families if installed(family))
        self[character] = found = next((t[code] for t in tables if code in t), WIDE)
        return found


@lru_cache(maxsize=32)
def advances(family: str, style: str) -> dict[int, float]:
    """Return the widths of the characters of a family in its size; all of CJK are as wide."""
    if " CJK" in family:
        return {}
    from fontTools.ttLib import TTFont

    with TTFont(str(font_path(family, style)), lazy=True) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}


def _write(target: Path, payload: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(payload)
    os.replace(name, target)
