"""schema.org JSON-LD of a product or a group of variants, by Google's merchant listing table.

Stricter than the vocabulary: an Offer only with a price above zero, availability and condition
only from the enumerations, GTINs only as valid digits, `@context` exactly as below.
"""

from typing import Any

import orjson

from .addresses import media_path, page_path
from .view import View

CONTEXT = "https://schema.org"
AVAILABILITY = {
    "in_stock": f"{CONTEXT}/InStock",
    "out_of_stock": f"{CONTEXT}/OutOfStock",
    "preorder": f"{CONTEXT}/PreOrder",
    "backorder": f"{CONTEXT}/BackOrder",
    "discontinued": f"{CONTEXT}/Discontinued",
}
CONDITION = {
    "new": f"{CONTEXT}/NewCondition",
    "refurbished": f"{CONTEXT}/RefurbishedCondition",
    "used": f"{CONTEXT}/UsedCondition",
}
VARIES_BY = ("color", "size", "material", "pattern")
TEXT_ROLES = ("color", "size", "material", "pattern", "mpn")
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def inline(document: dict) -> str:
    """Return JSON that may stand inside a `<script>` element whatever the texts hold."""
    text = orjson.dumps(document).decode()
    for character, escaped in ESCAPES.items():
        text = text.replace(character, escaped)
    return text


def _filled(document: dict) -> dict:
    return {key: value for key, value in document.items() if value not in ("", None, [], {})}


def _images(view: View, base: str) -> list[str]:
    return [base + media_path(asset) for asset in view.pictures][:10]


def page_url(view: View, *, base: str) -> str:
    """Return the absolute address of the listing's landing page."""
    return base + page_path(view.body["slug"], locale=view.locale)


def offer(view: View, *, base: str, currency: str) -> dict | None:
    """Return the Offer of a listing, or None where it has no price above zero."""
    price = view.price(currency)
    if price is None:
        return None
    condition = str(view.role("condition") or "new").lower()
    return _filled(
        {
            "@type": "Offer",
            "price": price.amount,
            "priceCurrency": price.currency,
            "priceSpecification": _strikethrough(price),
            "priceValidUntil": price.valid_to[:10],
            "availability": AVAILABILITY.get(view.availability, ""),
            "itemCondition": CONDITION.get(condition, CONDITION["new"]),
            "url": page_url(view, base=base),
        }
    )


def _strikethrough(price) -> dict | None:
    if not price.regular:
        return None
    return {
        "@type": "UnitPriceSpecification",
        "priceType": f"{CONTEXT}/StrikethroughPrice",
        "price": price.regular,
        "priceCurrency": price.currency,
    }


def _sku(view: View) -> str:
    """Google refuses white space in a sku; such an identifier is left out."""
    return "" if any(c.isspace() for c in view.identifier) else view.identifier


def _identity(view: View, *, base: str) -> dict[str, Any]:
    brand = view.text("brand")
    return {
        "name": view.name,
        "description": view.text("description") or view.text("short_description"),
        "image": _images(view, base),
        "brand": {"@type": "Brand", "name": brand} if brand else None,
        "category": " > ".join(label for _, label in view.category_paths[0])
        if view.category_paths
        else "",
    }


def variant_name(view: View, group: View) -> str:
    """Return a name more specific than the group's: its own, else with what sets it apart."""
    if view.name != group.name:
        return view.name
    marks = ", ".join(text for _, _, text in view.axis_texts())
    return f"{view.name} – {marks or view.identifier}"


def product(view: View, *, base: str, currency: str, group: View | None = None) -> dict:
    """Return the Product of one listing; a variant also names its `group`."""
    gtin = view.gtin
    document = {
        "@type": "Product",
        "@id": page_url(view, base=base) + "#product",
        **_identity(view, base=base),
        "sku": _sku(view),
        "url": page_url(view, base=base),
        **({f"gtin{len(gtin)}": gtin} if gtin else {}),
        **{role: view.text(role) for role in TEXT_ROLES},
        "offers": offer(view, base=base, currency=currency),
    }
    if group is not None and group is not view:
        document["name"] = variant_name(view, group)
        document["inProductGroupWithID"] = group.identifier
    return _filled(document)


def varies_by(variants: list[View]) -> list[str]:
    """Return the properties that set the variants apart, as full schema.org URLs."""
    axes = {code for view in variants for code in view.body.get("axes") or []}
    roles = variants[0].labels.body["roles"] if variants else {}
    return [f"{CONTEXT}/{role}" for role in VARIES_BY if roles.get(role) in axes]


def product_group(group: View, variants: list[View], *, base: str, currency: str) -> dict:
    """Return the ProductGroup of a model with its variants (multi-page sites: no own url)."""
    return _filled(
        {
            "@type": "ProductGroup",
            "@id": page_url(group, base=base) + "#group",
            **_identity(group, base=base),
            "productGroupID": group.identifier,
            "variesBy": varies_by(variants),
            "hasVariant": [
                product(variant, base=base, currency=currency, group=group) for variant in variants
            ],
        }
    )


def document(view: View, members: list[View], *, base: str, currency: str) -> dict:
    """Return the JSON-LD of the page of `view`, one of a unit's `members` (root first)."""
    root, variants = members[0], [m for m in members[1:] if m.body["role"] == "item"]
    if view is root and variants:
        body = product_group(root, variants, base=base, currency=currency)
    elif view is root:
        body = product(view, base=base, currency=currency)
    else:
        body = product(view, base=base, currency=currency, group=root)
        body["isVariantOf"] = _filled(
            {
                "@type": "ProductGroup",
                "@id": page_url(root, base=base) + "#group",
                "name": root.name,
                "productGroupID": root.identifier,
                "variesBy": varies_by(variants),
            }
        )
    return {"@context": CONTEXT, **body}


def breadcrumb(trail: list[tuple[str, str]]) -> dict:
    """Return a BreadcrumbList of (name, absolute URL)."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in enumerate(trail, start=1)
        ],
    }
