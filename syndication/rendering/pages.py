"""Pages for screens: templates by a stand-alone engine, one style sheet, web fonts.

No database: the same code runs in the child that renders an edition and in the
web process that serves a single page.
"""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template

from .faces import web_file, web_names, web_rules
from .fonts import FOLDERS, font_digest, font_path, installed, woff2
from .tokens import css_variables, tokens_digest

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
# Characters by script, as (first, last); a browser fetches a file only for a range it meets.
SCRIPTS = {
    "latin": (
        (0x20, 0x7E),
        (0xA0, 0x17F),
        (0x218, 0x21B),
        (0x1E80, 0x1E9E),
        (0x2010, 0x203A),
        (0x2070, 0x209C),
        (0x20AC, 0x20AC),
        (0x2116, 0x2122),
        (0x2190, 0x2193),
        (0x2212, 0x2265),
    ),
    "greek-cyrillic": ((0x370, 0x4FF),),
    "arabic": ((0x600, 0x6FF), (0x750, 0x77F)),
    "hebrew": ((0x590, 0x5FF),),
}
SCRIPT_OF = {"ar": "arabic", "fa": "arabic", "ur": "arabic", "he": "hebrew", "yi": "hebrew"}
LATIN = "cs da de en es et fi fr hr hu is it lt lv nb nl nn no pl pt ro sk sl sv tr".split()
SCRIPT_OF |= dict.fromkeys(LATIN, "latin")
FACES = (
    ("Noto Sans", ("Regular", "Bold"), ("latin", "greek-cyrillic")),
    ("Noto Serif Display", ("Regular", "Bold"), ("latin", "greek-cyrillic")),
    ("Noto Sans Arabic", ("Regular", "Bold"), ("arabic",)),
    ("Noto Naskh Arabic", ("Regular", "Bold"), ("arabic",)),
    ("Noto Sans Hebrew", ("Regular", "Bold"), ("hebrew",)),
    ("Noto Serif Hebrew", ("Regular", "Bold"), ("hebrew",)),
)


@cache
def engine() -> Engine:
    """Return the template engine of public pages and outputs; every variable is escaped."""
    return Engine(dirs=[str(TEMPLATES)], debug=False, autoescape=True)


@cache
def _template(name: str) -> Template:
    return engine().get_template(name)


def render(name: str, values: dict[str, Any]) -> str:
    """Return the template `name` filled with `values`; numbers must come as text."""
    return _template(name).render(Context(values, use_l10n=False, use_tz=False))


@cache
def template_digest(folder: str) -> str:
    """Return one digest of all templates in a folder and of what they share."""
    files = sorted((TEMPLATES / folder).rglob("*"))
    parts = [f"{p.name}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files if p.is_file()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _characters(script: str) -> str:
    return "".join(chr(c) for first, last in SCRIPTS[script] for c in range(first, last + 1))


def _range(script: str) -> str:
    return ", ".join(f"U+{first:X}-{last:X}" for first, last in SCRIPTS[script])


@cache
def font_files() -> dict[str, tuple[str, str, str]]:
    """Return {file name: (family, style, script)} of every web font there is to serve."""
    found = {}
    for family, styles, scripts in FACES:
        for style in styles if installed(family) else ():
            for script in scripts:
                digest = font_digest(font_path(family, style))
                key = hashlib.sha256(f"{digest}|{_range(script)}".encode()).hexdigest()[:12]
                found[f"{family.replace(' ', '')}-{style}-{script}-{key}.woff2"] = (
                    family,
                    style,
                    script,
                )
    return found


def fonts_for(locales: tuple[str, ...], tokens: dict[str, Any]) -> list[str]:
    """Return the names of the web fonts that pages in these locales, with this look, need."""
    wanted = {"latin"}
    for locale in locales:
        wanted.add(SCRIPT_OF.get(locale.split("-")[0], "greek-cyrillic"))
    named = [name for name, (_, _, script) in font_files().items() if script in wanted]
    return [*named, *web_names(tokens)]


def font_file(name: str, *, cache_folder: Path) -> Path:
    """Return the WOFF2 file of that name, made if need be; KeyError for any other name."""
    if name not in font_files():
        return web_file(name, cache=cache_folder)
    family, style, script = font_files()[name]
    return woff2(family, style=style, text=_characters(script), cache=cache_folder)


def font_faces(base: str, tokens: dict[str, Any], *, names: dict[str, str] | None = None) -> str:
    """Return the @font-face rules with addresses below `base`.

    `names` gives other names to the files, and leaves out those it does not know.
    """
    named = names if names is not None else {name: name for name in font_files()}
    brought = web_rules(tokens, lambda name: f"{base}{(names or {}).get(name, name)}")
    return brought + "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {700 if style == "Bold" else 400};'
        f" font-display: swap; src: url({base}{named[name]}) format('woff2');"
        f" unicode-range: {_range(script)}; }}"
        for name, (family, style, script) in font_files().items()
        if name in named
    )


@lru_cache(maxsize=16)
def _style_sheet(digest: str, faces: str, variables: str, folder: str) -> str:
    rules = (TEMPLATES / folder / "style.css").read_text(encoding="utf-8")
    return f"{faces}\n{variables}\n{rules}"


def style_sheet(tokens: dict[str, Any], *, folder: str = "outputs/landing") -> str:
    """Return the whole style sheet of pages with these tokens."""
    faces = font_faces("/p/fonts/", tokens)
    return _style_sheet(tokens_digest(tokens), faces, css_variables(tokens), folder)


def style_name(tokens: dict[str, Any], *, folder: str = "outputs/landing") -> str:
    """Return the file name of the style sheet, which changes with its contents."""
    digest = hashlib.sha256(style_sheet(tokens, folder=folder).encode()).hexdigest()
    return f"{digest[:16]}.css"


__all__ = ["FOLDERS", "engine", "font_file", "font_files", "render", "style_name", "style_sheet"]
