"""What the kiosk app knows of a product and of a language, as plain JSON."""

import hashlib
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from ..contract import Refusal, RenderContext
from .formats import is_shown
from .landing_page import (
    availability,
    cell,
    currency,
    language_name,
    lowest_price,
    price_texts,
)
from .phrases import phrases
from .view import View

CARD, FULL = 480, 1200
PICTURES = 4
UNSHOWN = _("The picture %(picture)s cannot be shown: %(why)s")


def picture_name(path: Path) -> str:
    """Return the name of a picture in the bundle: a digest of its bytes."""
    return f"img.{hashlib.sha256(path.read_bytes()).hexdigest()[:20]}.webp"


def pictures(view: View, context: RenderContext, files: dict[str, list]) -> tuple[list, list]:
    """Return the pictures of a listing and what went wrong; note their files in `files`.

    `files` is {name in the bundle: [sha256 of the original, width]}.
    """
    found, wrong = [], []
    for asset in view.pictures[:PICTURES]:
        try:
            card = _scaled(asset, CARD, context, files)
            full = _scaled(asset, FULL, context, files)
        except (ValueError, OSError) as error:
            told = {"picture": asset["filename"], "why": str(error)}
            wrong.append(
                Refusal(view.identifier, "bad_image", UNSHOWN, "image", "warning", params=told)
            )
            continue
        width, height = asset.get("width") or 4, asset.get("height") or 3
        alt = asset.get("alt") or view.name
        found.append({"s": card, "l": full, "r": round(width / height, 3), "alt": alt})
    return found, wrong


def _scaled(asset: dict, width: int, context: RenderContext, files: dict[str, list]) -> str:
    path = context.assets.derivative(asset["sha256"], width=width, media_type="image/webp")
    name = picture_name(path)
    files[name] = [asset["sha256"], width]
    return name


def product(
    members: list[View], context: RenderContext, files: dict[str, list]
) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the document of a root with its variants, and the warnings about it."""
    root, money = members[0], currency(context)
    items = [m for m in members if m.body["role"] == "item"]
    shown, wrong = pictures(root, context, files)
    price = lowest_price(items, money) if root.body["role"] == "model" else price_texts(root, money)
    document = {
        "id": root.identifier,
        "name": root.name,
        "maker": root.text("brand"),
        "lead": root.text("short_description"),
        "html": _prose(root),
        "price": price or price_texts(root, money),
        "state": availability(root),
        "pictures": shown,
        "specs": [
            [title, [[label, str(cell(root, code))] for code, label, _ in rows]]
            for title, rows in root.specifications
        ],
        "variants": _variants(items, money) if len(items) > 1 else None,
        "related": [
            target["identifier"]
            for targets in root.body.get("associations", {}).values()
            for target in targets
        ],
        "in": sorted({code for path in root.category_paths for code, _ in path}),
        "find": _find(members),
        "codes": [m.identifier for m in items if m is not root],
    }
    return {key: value for key, value in document.items() if value not in ("", None, [], {})}, wrong


def _prose(view: View) -> str:
    code = view.attribute("description")
    data = view.listing.value(code)
    return view.format.html(code, data, listing=view.listing) if is_shown(data) else ""


def _variants(items: list[View], money: str) -> dict:
    axes: dict[str, str] = {}
    for item in items:
        axes.update({code: label for code, label, _ in item.axis_texts()})
    rows = [
        {
            "id": item.identifier,
            "cells": [item.show(code) or "–" for code in axes],
            "price": price_texts(item, money).get("text", ""),
            "state": availability(item),
        }
        for item in items
    ]
    return {"axes": list(axes.values()), "rows": rows}


def _find(members: list[View]) -> str:
    """Return what a search looks through, in lower case."""
    root = members[0]
    words = [root.name, root.text("short_description"), root.text("brand"), root.text("keywords")]
    words += [label for path in root.category_paths for _, label in path]
    words += [text for m in members for text in (m.identifier, m.gtin)]
    return " ".join(dict.fromkeys(word for word in words if word)).lower()


def language(context: RenderContext, locale: str) -> dict[str, Any]:
    """Return what the app says and shows in a language besides products."""
    body = context.labels[locale].body
    root = body["channel"].get("tree") or ""
    return {
        "locale": locale,
        "name": language_name(locale),
        "direction": body["direction"],
        "say": phrases(locale),
        "root": root,
        "categories": [
            {"code": code, "label": held["label"], "parent": held["parent"], "sort": held["sort"]}
            for code, held in body["categories"].items()
        ],
    }
