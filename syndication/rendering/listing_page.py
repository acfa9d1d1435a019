"""Pages around the product pages: overviews by category, the welcome page, polite refusals."""

from typing import Any

from ..contract import RenderContext
from .addresses import page_path
from .pages import render, style_name
from .phrases import phrases
from .tokens import merged, tagline


def frame(context: RenderContext) -> dict[str, Any]:
    """Return what every page of a context has: words, direction, brand, style sheet."""
    labels = context.labels[context.locale].body
    tokens = merged(context.tokens)
    return {
        "say": phrases(context.locale),
        "locale": context.locale,
        "direction": labels["direction"],
        "tokens": tokens,
        "tagline": tagline(tokens, context.locale),
        "brand": tokens.get("brand") or labels["channel"]["label"],
        "style": f"/p/style/{style_name(tokens)}",
        "title": phrases(context.locale)["all_products"],
    }


def bare_frame(locale: str, *, tokens: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the frame of a page that belongs to no output."""
    whole = merged(tokens)
    return {
        "say": phrases(locale),
        "locale": locale,
        "direction": "rtl" if locale.split("-")[0] in ("ar", "he", "fa", "ur") else "ltr",
        "tokens": whole,
        "tagline": tagline(whole, locale),
        "brand": whole.get("brand") or "",
        "style": f"/p/style/{style_name(whole)}",
    }


def index_page(rows: list[dict], context: RenderContext) -> str:
    """Return the plain index of all pages of an edition."""
    cards = [{**row, "url": page_path(row["slug"], locale=context.locale)} for row in rows]
    return render("outputs/landing/list.html", {**frame(context), "cards": cards})
