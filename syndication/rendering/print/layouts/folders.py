"""Finds layouts: those of the product, those of the directory of designers, those of packages."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop as _

from syndication.contract import said

from ...pages import TEMPLATES
from .manifest import Manifest, read_manifest
from .markup import check_css, check_html
from .template import Template, TemplateFault, read

PLAIN = "six"  # what is used where a layout is not there, or fails
GROUP = "syndication.layouts"  # entry points of packages: the name of a package of folders
BUILT_IN = TEMPLATES / "outputs/catalogue/layouts"
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
FILES = ("manifest.json", "card.html", "card.css")
LARGEST = 2_000_000  # bytes of one file of a layout
TEXTS = ("name", "sku", "brand")
SECTIONS = ("intro", "description", "values", "variants", "table")  # what may be continued
BLOCKS = ("photo", "photos", "price", "title", "number", "more", *SECTIONS)
TOKENS = frozenset(
    "ink muted rule paper birch linen accent accent_soft pine pine_soft on_dark sans serif display"
    " start end print_text print_wide print_arabic print_small print_name print_price".split()
)
CURES = {
    "manifest.json": _("Correct the manifest; docs/print-layouts.md describes every field."),
    "card.html": _("Correct the template; docs/print-layouts.md lists what it may hold."),
    "card.css": _("Correct the style sheet; docs/print-layouts.md lists what it may hold."),
    "": _(
        "Put manifest.json, card.html and card.css into the folder, and name it in small letters."
    ),
}


@dataclass(frozen=True)
class Fault:
    """Why a layout cannot be used: where (`file`, `line` from 1, 0 for the whole), and a cure."""

    code: str
    folder: Path
    file: str
    line: int
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def place(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{self.folder / self.file}{line}"

    @property
    def cure(self) -> str:
        return CURES[self.file]

    def told(self, translate: Callable[[str], str]) -> str:
        """Return place, fault and cure in the reader's language; `translate` is gettext."""
        message = said(self.message, self.params, translate)
        return f"{self.place}: {message} {translate(self.cure)}"


@dataclass(frozen=True)
class Layout:
    """A layout that may be used; `digest` is that of its files."""

    code: str
    folder: Path
    manifest: Manifest
    html: Template
    css: Template
    digest: str

    def label(self, locale: str) -> str:
        """Return the name in the locale, its language, or English."""
        return labelled(self.manifest.label, locale)

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """What can be continued elsewhere, in the order of the template."""
        return tuple(name for name in self.html.names if name in SECTIONS)

    @cached_property
    def above_more(self) -> str:
        """The first section of those that stand between `more` and the last tag before it."""
        first = ""
        for node in self.html.flat():
            if node == "more":
                return first
            if node == "<":
                first = ""
            elif node in SECTIONS:
                first = first or node
        return ""

    @cached_property
    def pictures(self) -> dict[str, Path]:
        """The pictures beside the template, by name."""
        return {p.name: p for p in sorted(self.folder.iterdir()) if p.name not in FILES}


@dataclass(frozen=True)
class Shelf:
    """All layouts by code, and the faults of those that were left aside."""

    layouts: Mapping[str, Layout]
    faults: tuple[Fault, ...]

    def digest(self) -> str:
        """Return what all layouts together depend on."""
        parts = [f"{code}:{layout.digest}" for code, layout in sorted(self.layouts.items())]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()


class CodePlaces(dict):
    """Where the code stands in a card, by layout; None where a layout has none."""

    def __missing__(self, code: str):
        layouts = shelf().layouts
        found = self[code] = (layouts.get(code) or layouts[PLAIN]).manifest.code
        return found


def labelled(labels: Mapping[str, str], locale: str) -> str:
    """Return a label in a locale, in its language, or in English."""
    return labels.get(locale) or labels.get(locale.split("-")[0]) or labels["en"]


def shelf() -> Shelf:
    """Return the layouts as they are on disk now; files that did not change are not read again."""
    roots = tuple(roots_of_layouts())
    return _shelf(roots, tuple(_state(root) for root in roots))


def roots_of_layouts() -> Iterator[Path]:
    """Yield the directories that hold folders of layouts; of two of one code the first counts."""
    yield BUILT_IN
    for name in packages():
        yield from _package(name)
    if settings.PRINT_LAYOUTS:
        yield Path(settings.PRINT_LAYOUTS)


@cache
def packages() -> tuple[str, ...]:
    """Return the names of packages with layouts: all that were installed when it was first asked.

    To look for them reads a file of every package there is, which takes milliseconds.
    """
    return tuple(p.value for p in sorted(entry_points(group=GROUP), key=lambda p: p.name))


def _package(name: str) -> list[Path]:
    """Return the directory of a package, without importing it; none where it is gone."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return []
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]


def _state(root: Path) -> tuple:
    if not root.is_dir():
        return ()
    files = (p for folder in _folders(root) for p in sorted(folder.iterdir()) if p.is_file())
    return tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files)


def _folders(root: Path) -> list[Path]:
    return sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith((".", "_")))


@lru_cache(maxsize=4)
def _shelf(roots: tuple[Path, ...], _states: tuple) -> Shelf:
    layouts: dict[str, Layout] = {}
    faults: list[Fault] = []
    for root in roots:
        if not root.is_dir():
            message = _("There is no such directory.")
            faults.append(Fault("", root, "", 0, message))
            continue
        for folder in _folders(root):
            found = read_layout(folder)
            if isinstance(found, Fault):
                faults.append(found)
            elif found.code in layouts:
                message = _("Another layout has the code “%(code)s” already.")
                faults.append(Fault(found.code, folder, "", 0, message, {"code": found.code}))
            else:
                layouts[found.code] = found
    return Shelf(layouts, tuple(faults))


def read_layout(folder: Path) -> Layout | Fault:
    """Return the layout in a folder, or why it is none."""
    file = ""
    try:
        _check_folder(folder)
        names = {p.name for p in folder.iterdir()}
        file = "manifest.json"
        manifest = read_manifest(folder / file)
        file = "card.html"
        known = {*TEXTS, *BLOCKS, *(f"option.{option.code}" for option in manifest.options)}
        html = read(_text(folder / file), known=known)
        check_html(html, files=names)
        file = "card.css"
        css = read(_text(folder / file), known=TOKENS)
        check_css(css.fill(dict.fromkeys(TOKENS, "0")), files=names)
    except TemplateFault as fault:
        return Fault(folder.name, folder, file, fault.line, fault.message, fault.params)
    except (OSError, UnicodeDecodeError) as error:
        message = _("The file cannot be read: %(why)s")
        return Fault(folder.name, folder, file, 0, message, {"why": str(error)})
    return Layout(folder.name, folder, manifest, html, css, _digest(folder))


def _check_folder(folder: Path) -> None:
    if not CODE.match(folder.name):
        message = _("The folder’s name is the code: small letters, digits and _, up to 40.")
        raise TemplateFault(message)
    for name in FILES:
        if not (folder / name).is_file():
            raise TemplateFault(_("The file %(name)s is missing."), name=name)
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_file():
            message = _("%(name)s is not a plain file; a folder of a layout holds nothing else.")
            raise TemplateFault(message, name=path.name)
        if path.stat().st_size > LARGEST:
            message = _("%(name)s is larger than %(most)d bytes.")
            raise TemplateFault(message, name=path.name, most=LARGEST)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _digest(folder: Path) -> str:
    files = sorted(folder.iterdir())
    parts = [f"{p.name}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
