"""HTML for print by a stand-alone template engine: no settings, no database."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


@cache
def engine() -> Engine:
    """Return the engine over the shipped templates; every variable is escaped."""
    return Engine(dirs=[str(TEMPLATES)], debug=False, autoescape=True)


@cache
def _template(name: str) -> Template:
    return engine().get_template(name)


def render(name: str, values: dict[str, Any]) -> str:
    """Return the template filled with `values`; numbers must come as text."""
    return _template(name).render(Context(values, use_l10n=False, use_tz=False))


@cache
def templates_digest(folder: str) -> str:
    """Return one digest of all the templates in a folder."""
    files = sorted(p for p in (TEMPLATES / folder).rglob("*") if p.is_file())
    parts = [f"{p.name}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
