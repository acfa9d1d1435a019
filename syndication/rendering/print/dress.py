"""Style sheets and environments of printed kinds: their templates filled with the design tokens."""

from functools import lru_cache

from django.utils.safestring import mark_safe

from syndication.contract import RenderContext

from .. import tokens as design
from ..fonts import fonts_digest
from ..pages import render, template_digest
from ..pdf import engine_version
from ..press.stage import is_tagged
from .setting import colours


def style(path: str, context: RenderContext, **values: str) -> str:
    """Return the style sheet at `path` (below templates/) with tokens and values filled in."""
    found = colours(context)
    flat = {key: value for key, value in found.items() if isinstance(value, str)}
    return _style(path, tuple(sorted({**flat, **values}.items())))


@lru_cache(maxsize=64)
def _style(path: str, values: tuple) -> str:
    # Tokens are the operator's own; quotes in font names must reach the style sheet as they are.
    return render(path, {key: mark_safe(value) for key, value in values})


def print_environment(folder: str, context: RenderContext) -> str:
    """Return the state of templates, fonts and libraries that fragments are set with."""
    fonts = design.merged(context.tokens)["fonts"]
    families = tuple(family for role in sorted(fonts) for family in fonts[role])
    tagged = ("tagged",) if is_tagged(context) else ()
    files = (template_digest(folder), fonts_digest(families))
    return "|".join((*files, engine_version(), *tagged))


def told(value, locale: str) -> str:
    """Return a text option; {locale: text} is read in that locale, else in English."""
    if isinstance(value, dict):
        value = value.get(locale) or value.get("en") or ""
    return str(value or "")
