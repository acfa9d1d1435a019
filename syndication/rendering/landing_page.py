"""What a landing page shows of one listing, as the values its template is filled with."""

from typing import Any

from django.utils.safestring import mark_safe

from ..contract import RenderContext
from . import jsonld
from .addresses import derivative_path, digital_link_path, media_path, page_path, srcset
from .formats import is_shown
from .offers import currency_of
from .pages import render, style_name
from .phrases import phrases
from .print_words import print_words
from .sizes import format_size
from .tokens import merged, tagline
from .view import View
from .xml import shorten

# What only the server of a page knows: the locales in which the product is live just now, and
# the data sheet that is served.
LANGUAGES_HOLE, ALTERNATES_HOLE = "<!--languages-->", "<!--alternates-->"
SHEET_HOLE = "<!--sheet-->"
CARD, MAIN = (320, 480, 640), (480, 640, 800, 1200, 1600)


def currency(context: RenderContext) -> str:
    """Return the currency of the pages: the option's, else the locale's own."""
    channel = context.labels[context.locale].body["channel"]
    chosen = context.options.get("currency") or ""
    return currency_of(channel, locale=context.locale, chosen=chosen)


def picture(asset: dict, *, widths=MAIN, fallback: str = "") -> dict[str, str]:
    """Return what an <img> needs; vector and unmeasured pictures come without a srcset."""
    if not asset.get("width"):
        return {"src": media_path(asset), "alt": asset.get("alt") or fallback, "full": ""}
    fitting = [w for w in widths if w <= asset["width"]] or [widths[0]]
    scaled = min(fitting[-1], asset["width"])
    return {
        "src": derivative_path(asset, width=fitting[len(fitting) // 2], media_type="image/jpeg"),
        "srcset": srcset(asset, media_type="image/webp", widths=widths),
        "width": str(scaled),
        "height": str(round(scaled * (asset.get("height") or scaled) / asset["width"])),
        "alt": asset.get("alt") or fallback,
        "caption": asset.get("caption") or "",
        "full": derivative_path(asset, width=fitting[-1], media_type="image/jpeg"),
    }


def price_texts(view: View, money: str) -> dict[str, str]:
    """Return the price, the standing price it undercuts, and the tax note, as text."""
    found = view.price(money)
    if found is None:
        return {}
    say = phrases(view.locale)
    return {
        "text": view.format.price(found.amount, found.currency),
        "regular": view.format.price(found.regular, found.currency) if found.regular else "",
        "tax": say["incl_tax" if found.tax_included else "excl_tax"],
        "amount": found.amount,
    }


def availability(view: View) -> dict[str, str]:
    """Return the availability as code and text, {} when nothing is known."""
    state = view.availability
    return {"code": state, "text": phrases(view.locale)[state]} if state else {}


def lowest_price(members: list[View], money: str) -> dict[str, str]:
    """Return the lowest price of a model's variants, marked as "from" where they differ."""
    found = [(float(texts["amount"]), texts) for m in members if (texts := price_texts(m, money))]
    if not found:
        return {}
    lowest = min(found, key=lambda pair: pair[0])[1]
    differ = len({amount for amount, _ in found}) > 1
    return {**lowest, "from": phrases(members[0].locale)["from"] if differ else ""}


def _headline_price(view: View, items: list[View], money: str) -> dict[str, str]:
    """Return the item's own price; a model is sold from the lowest of its variants' on."""
    if view.body["role"] == "model" and items:
        return lowest_price(items, money) or price_texts(view, money)
    return price_texts(view, money)


def specifications(view: View) -> list[dict]:
    """Return the groups of the table of specifications; tables and rich text keep their form."""
    return [
        {
            "title": title,
            "rows": [{"label": label, "html": cell(view, code)} for code, label, _ in rows],
        }
        for title, rows in view.specifications
    ]


def cell(view: View, code: str) -> str:
    """Return the value of an attribute as safe HTML."""
    data = view.listing.value(code)
    if view.labels.body["attributes"][code]["kind"] not in ("table", "packaging"):
        return mark_safe(view.format.html(code, data, listing=view.listing))
    columns, rows = view.format.table(code, data)
    shown = {"label": view.format.label(code), "columns": columns, "rows": rows}
    return mark_safe(render("outputs/landing/table.html", shown))


def variants(view: View, members: list[View], money: str) -> dict[str, Any]:
    """Return the table of variants, the shown one marked."""
    items = [m for m in members if m.body["role"] == "item"]
    if len(items) < 2:
        return {}
    axes: dict[str, str] = {}
    for item in items:
        axes.update({code: label for code, label, _ in item.axis_texts()})
    rows = [
        {
            "url": page_path(item.body["slug"], locale=item.locale),
            "current": item is view,
            "identifier": item.identifier,
            "cells": [item.show(code) or "–" for code in axes],
            "name": jsonld.variant_name(item, members[0]),
            "price": price_texts(item, money),
            "availability": availability(item),
        }
        for item in items
    ]
    return {"axes": list(axes.values()), "rows": rows, "priced": any(r["price"] for r in rows)}


def associations(view: View) -> list[dict]:
    """Return the associated products as cards, by type."""
    labels, assets = view.labels.body.get("associations", {}), view.body.get("assets", {})
    found = []
    for code, targets in sorted(view.body.get("associations", {}).items()):
        cards = [_card(target, assets, view.locale) for target in targets if target.get("slug")]
        if cards:
            label = labels.get(code, {}).get("label") or phrases(view.locale)["related"]
            found.append({"title": label, "cards": cards})
    return found


def _card(target: dict, assets: dict, locale: str) -> dict:
    asset, quantity = assets.get(target.get("image") or ""), target.get("quantity")
    return {
        "url": page_path(target["slug"], locale=locale),
        "name": target.get("name") or target["identifier"],
        "identifier": target["identifier"],
        "quantity": f"{quantity} ×" if quantity and str(quantity) != "1" else "",
        "picture": picture(asset, widths=CARD) if asset and asset["kind"] == "image" else None,
    }


def documents(view: View) -> list[dict]:
    """Return the files to download."""
    return [
        {
            "url": media_path(asset),
            "name": asset.get("caption") or asset["filename"],
            "size": format_size(asset.get("size") or 0, locale=view.locale),
            "kind": asset["filename"].rsplit(".", 1)[-1].upper()[:5],
        }
        for asset in view.assets("document", "model")
    ]


def qr_target(view: View, *, base: str) -> str:
    """Return what the product's QR code says: a GS1 Digital Link, else its page in any language."""
    if view.gtin:
        return base + digital_link_path(view.gtin)
    return base + page_path(view.body["slug"], locale="-")


def _trail(view: View) -> list[tuple[str, str]]:
    say = phrases(view.locale)
    trail = [(say["all_products"], f"/p/{view.locale}/")]
    for code, label in (view.category_paths or [[]])[0]:
        trail.append((label, f"/p/{view.locale}/?category={code}"))
    return trail


def _prose(view: View, role: str) -> str:
    code = view.attribute(role)
    data = view.listing.value(code)
    if not is_shown(data):
        return ""
    return mark_safe(view.format.html(code, data, listing=view.listing))


def page_values(view: View, members: list[View], context: RenderContext) -> dict[str, Any]:
    """Return everything the page template shows of `view`, one of its unit's `members`."""
    money, base, tokens = currency(context), context.public_url, merged(context.tokens)
    items = [m for m in members if m.body["role"] == "item"]
    name = view.name if view is members[0] else jsonld.variant_name(view, members[0])
    pictures = [picture(asset, fallback=view.name) for asset in view.pictures]
    document = jsonld.document(view, members, base=base, currency=money)
    trail = _trail(view)
    path = page_path(view.body["slug"], locale=view.locale)
    summary = view.text("meta_description") or view.text("short_description")
    return {
        "say": phrases(view.locale),
        "locale": view.locale,
        "direction": view.labels.body["direction"],
        "tokens": tokens,
        "tagline": tagline(tokens, view.locale),
        "brand": tokens.get("brand") or view.labels.body["channel"]["label"],
        "style": f"/p/style/{style_name(tokens)}",
        "title": view.text("meta_title") or name,
        "summary": shorten(summary or view.text("description"), 160),
        "url": base + path,
        "path": path,
        "base": base,
        "name": name,
        "maker": view.text("brand"),
        "identifier": view.identifier,
        "gtin": view.gtin,
        "lead": view.text("short_description"),
        "description": _prose(view, "description"),
        "price": _headline_price(view, items, money),
        "availability": availability(view),
        "pictures": pictures,
        "share": base + pictures[0]["full"] if pictures and pictures[0]["full"] else "",
        "trail": trail,
        "specifications": specifications(view),
        "documents": documents(view),
        "variants": variants(view, members, money),
        "associations": associations(view),
        "videos": [
            {"url": media_path(a), "type": a["media_type"], "name": a.get("caption") or view.name}
            for a in view.assets("video")
        ],
        "qr": f"{path}/qr.svg",
        "qr_says": qr_target(view, base=base),
        "jsonld": mark_safe(jsonld.inline(document)),
        "breadcrumb": mark_safe(
            jsonld.inline(jsonld.breadcrumb([(n, base + p) for n, p in [*trail, (name, path)]]))
        ),
        "languages_hole": mark_safe(LANGUAGES_HOLE),
        "alternates_hole": mark_safe(ALTERNATES_HOLE),
        "sheet_hole": mark_safe(SHEET_HOLE),
    }


def page(view: View, members: list[View], context: RenderContext) -> str:
    """Return the complete HTML page of one listing, its holes still open."""
    return render("outputs/landing/page.html", page_values(view, members, context))


def alternates(paths: dict[str, str], *, base: str) -> str:
    """Return the hreflang links for {locale: path}; "x-default" negotiates by Accept-Language."""
    values = {"paths": [{"locale": code, "url": base + p} for code, p in paths.items()]}
    first = next(iter(paths.values()), "")
    values["default"] = base + "/p/-/" + first.rsplit("/", 1)[-1] if first else ""
    return render("outputs/landing/alternates.html", values)


def languages(paths: dict[str, str], *, current: str) -> str:
    """Return the language switch for {locale: path}, each language named in itself."""
    rows = [
        {"locale": code, "url": path, "name": language_name(code), "current": code == current}
        for code, path in paths.items()
    ]
    say = phrases(current)
    return render("outputs/landing/languages.html", {"rows": rows, "say": say})


def language_name(code: str) -> str:
    """Return a language's own name for itself, with its region only where the code has one."""
    from .formats import cldr_locale

    found = cldr_locale(code)
    name = found.get_language_name() or code
    region = found.get_territory_name() if found.territory else ""
    return name[:1].upper() + name[1:] + (f" ({region})" if region else "")


def sheet_link(path: str, size: int, *, locale: str) -> str:
    """Return the link to the data sheet that is served, of so many bytes."""
    values = {"path": path, "size": format_size(size, locale=locale)}
    return render(
        "outputs/landing/sheet.html", {**values, "name": print_words(locale)["data_sheet"]}
    )


def fill(html: str, paths: dict[str, str], *, base: str, current: str, sheet: str = "") -> str:
    """Return a page with its holes filled: the locales in which the product is live, and the
    HTML of the link to its data sheet.
    """
    filled = html.replace(ALTERNATES_HOLE, alternates(paths, base=base), 1)
    filled = filled.replace(SHEET_HOLE, sheet, 1)
    return filled.replace(LANGUAGES_HOLE, languages(paths, current=current), 1)
