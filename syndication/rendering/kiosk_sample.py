"""The kiosk's real app with some products, as one page that needs neither bundle nor files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import orjson

from syndication.contract import RenderContext, Unit

from . import kiosk_data
from .landing_page import language_name, qr_target
from .pages import TEMPLATES, font_faces
from .qr_sheet import qr_modules
from .tokens import css_variables, merged, tagline
from .view import views

FOLDER = TEMPLATES / "outputs/kiosk"
NEVER = 7 * 24 * 3600  # seconds: a sample does not start again by itself


@dataclass(frozen=True)
class _Address:
    """Stands in for a picture's file: its bytes are where a browser finds the picture."""

    sha256: str
    width: int

    def read_bytes(self) -> bytes:
        return f"/media/{self.sha256}/picture.webp?w={self.width}".encode()


class _Addresses:
    """Stands in for ingested pictures, none of which is opened."""

    def derivative(self, sha256: str, *, width: int, media_type: str) -> _Address:
        return _Address(sha256, width)


def sample_parts(units: Iterable[Unit], context: RenderContext, *, created: str) -> dict[str, Any]:
    """Return {name: document} of what the app fetches, for one locale; `created` is an ISO date."""
    context = replace(context, assets=_Addresses())
    products, files = [], {}
    for unit in units:
        members = views(unit, context.labels[context.locale], locale=context.locale)
        document, _wrong = kiosk_data.product(members, context, files)
        document["qr"] = qr_modules(qr_target(members[0], base=context.public_url))
        products.append(document)
    addresses = {name: _Address(*source).read_bytes().decode() for name, source in files.items()}
    for picture in (one for document in products for one in document.get("pictures", ())):
        picture["s"], picture["l"] = addresses[picture["s"]], addresses[picture["l"]]
    language = kiosk_data.language(context, context.locale)
    return {"bundle.json": _bundle(context, created), "data": {**language, "products": products}}


def _bundle(context: RenderContext, created: str) -> dict[str, Any]:
    tokens, labels = merged(context.tokens), context.labels[context.locale].body
    row = {"locale": context.locale, "name": language_name(context.locale), "data": "data"}
    row["tagline"] = tagline(context.tokens, context.locale)
    logo = tokens["logo_dark"]
    return {
        "created": created,
        "edition": 0,
        "idle_seconds": NEVER,
        "title": context.options.get("title") or "",
        "brand": tokens["brand"] or labels["channel"]["label"],
        "logo": f"/media/{logo}/logo.png?w=480" if logo else "",
        "locales": [{**row, "direction": labels["direction"]}],
    }


def sample_style(tokens: dict[str, Any]) -> str:
    """Return the app's style sheet with a look."""
    rules = (FOLDER / "style.css").read_text(encoding="utf-8")
    return f"{font_faces('/p/fonts/', tokens)}\n{css_variables(tokens)}\n{rules}"


def sample_script() -> str:
    """Return the app itself."""
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted((FOLDER / "app").glob("*.js")))


def inside_script(document: Any) -> str:
    """Return JSON that cannot end the script element it stands in."""
    return orjson.dumps(document).decode().replace("<", "\\u003c")
