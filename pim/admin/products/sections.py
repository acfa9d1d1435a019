"""What the product page shows beside its values: ties, variants, facts, versions, changes."""

from django.conf import settings
from django.utils.module_loading import import_string

from pim.actions.approval import slice_of_key
from pim.content.diff import diff
from pim.content.masks import visible_keys
from pim.content.rights import Level, Rights
from pim.content.seen import shown_categories
from pim.content.snapshot import unpack
from pim.models import AvailabilityFact, PlannedPublication, PriceFact, Product
from pim.queries.rights import visible_products
from pim.queries.titles import reason_of, versions_with_titles, with_titles

from ..context import WorkingContext, label_of
from ..differences import difference_rows, words_for
from ..words import action_word, source_word
from .plain import plain_value
from .state import ProductState, faces, identifiers, load_states

CHANGES_SHOWN = 30
VERSIONS_SHOWN = 50


def structure_parts(state: ProductState, rights: Rights) -> dict:
    """Return the structure of a product in the form that the page posts back.

    Hidden categories and products are not in it; writing leaves them where they are.
    """
    products = identifiers(_targets(state), rights)
    return {
        "@identifier": state.own.identifier,
        "@family": state.own.family,
        "@enabled": state.own.enabled,
        "@categories": list(state.own.categories),
        "@groups": list(state.own.groups),
        "@associations": {
            kind: {
                "products": [
                    {"identifier": products[uuid].identifier, "quantity": quantity}
                    for uuid, quantity in ties["products"]
                    if uuid in products
                ],
                "groups": list(ties["groups"]),
            }
            for kind, ties in state.own.associations.items()
        },
    }


def _targets(state: ProductState) -> list[str]:
    ties = state.own.associations.values()
    return [uuid for held in ties for uuid, _quantity in held["products"]]


def association_sections(state: ProductState, context: WorkingContext, parts: dict) -> list[dict]:
    """Return one section per association type, with the products it ties to."""
    products = identifiers(_targets(state), context.rights)
    shown = faces([p.pk for p in products.values()], context, state.structure)
    names = {p.identifier: shown[p.pk].name for p in products.values() if p.pk in shown}
    ids = {p.identifier: p.pk for p in products.values()}
    return [
        {
            "code": code,
            "label": label_of(kind, context.locale),
            "quantified": kind.quantified,
            "two_way": kind.two_way,
            "rows": [
                row | {"name": names.get(row["identifier"], ""), "id": ids.get(row["identifier"])}
                for row in parts["@associations"].get(code, {}).get("products", [])
            ],
            "groups": parts["@associations"].get(code, {}).get("groups", []),
        }
        for code, kind in state.structure.association_types.items()
    ]


def category_trees(state: ProductState, context: WorkingContext) -> list[dict]:
    """Return the roots of all category trees and the chosen categories with their paths."""
    categories = state.structure.categories
    chosen = [categories[code] for code in state.own.categories if code in categories]
    shown = shown_categories(state.structure, context.rights)
    roots = sorted(
        (c for code, c in categories.items() if not c.parent and code in shown),
        key=lambda c: (c.sort, c.code),
    )
    return {
        "roots": [{"code": c.code, "label": label_of(c, context.locale)} for c in roots],
        "chosen": [
            {
                "code": c.code,
                "label": " › ".join(
                    label_of(categories[step], context.locale) for step in c.path[1:] or c.path
                ),
            }
            for c in chosen
        ],
    }


def variants(state: ProductState, context: WorkingContext) -> dict:
    """Return the children of a model with their axes, and the axes a new one needs."""
    family_variant = state.variant
    if state.own.role != "model" or family_variant is None:
        return {}
    level = state.own.level + 1
    axes = [state.structure.attributes[c] for c in family_variant.axes.get(level, ())]
    below = Product.objects.filter(parent_id=state.own.id).select_related("version")
    children = list(visible_products(below, context.rights))
    states = load_states([child.pk for child in children], state.structure, context.rights)
    rows = []
    for child in children:
        resolved = states[child.pk].resolve(context.channel, context.locale)
        cells = [_axis_text(resolved, axis, state, context) for axis in axes]
        rows.append({"product": child, "axes": cells})
    return {"axes": axes, "labels": [label_of(a, context.locale) for a in axes], "rows": rows}


def _axis_text(resolved, axis, state, context):
    value = resolved.get(axis.code)
    data = value.data if value else None
    return plain_value(axis, data, state.structure, context.locale)


def facts(product_id: int, state: ProductState, lists: list[int] | None) -> dict:
    """Return the prices (in those lists; None: in all) and availabilities of a product."""
    if not state.holding.facts(()):
        return {"prices": [], "availabilities": []}
    prices = PriceFact.objects.filter(product_id=product_id)
    if lists is not None:
        prices = prices.filter(price_list__in=lists)
    return {
        "prices": list(prices.select_related("price_list__currency")),
        "availabilities": list(AvailabilityFact.objects.filter(product_id=product_id)),
    }


def published_snapshot(product) -> dict | None:
    """Return the snapshot of the latest version."""
    return unpack(bytes(product.version.snapshot)) if product.version else None


def unpublished_differences(product, state: ProductState) -> dict:
    """Return {key: [published, draft]} of what publishing would change, hidden values apart."""
    found = diff(published_snapshot(product), state.whole[0].snapshot())
    return visible_keys(found, state.holding, state.structure)


def changed_slices(
    differences, state: ProductState, context: WorkingContext, *, least: Level = Level.PUBLISH
) -> list[dict]:
    """Return what differs apart: group × locale with its count, all of it at the level `least`."""
    counts: dict[tuple[str, str], int] = {}
    barred = set()
    for key in differences:
        slot = slice_of_key(key, state.structure)
        counts[slot] = counts.get(slot, 0) + 1
        if state.holding.key(key, state.structure) < least:
            barred.add(slot)
    return [
        {
            "value": f"{group}|{locale}",
            "label": slice_label(group, state.structure, context),
            "locale": locale,
            "count": count,
        }
        for (group, locale), count in sorted(counts.items())
        if (group, locale) not in barred
    ]


def slice_label(group: str, structure, context: WorkingContext) -> str:
    """Return the name of a slice's attribute group, "" for structure and categories."""
    known = structure.groups.get(group)
    return label_of(known, context.locale) if known else ""


def history(product, state: ProductState, context: WorkingContext) -> dict:
    """Return the latest versions, planned publications and changes."""
    changes = with_titles(product.changes.all())[:CHANGES_SHOWN]
    versions = versions_with_titles(product.versions.defer("snapshot"))[:VERSIONS_SHOWN]
    told = [
        (change, visible_keys(change.detail or {}, state.holding, state.structure))
        for change in changes
    ]
    words = words_for((detail for _change, detail in told), state.structure, context.locale)
    planned = product.planned.filter(state=PlannedPublication.WAITING)
    return {
        "versions": [(version, reason_of(version)) for version in versions],
        "planned": list(planned.defer("snapshot")),
        "changes": [
            {
                "change": change,
                "done": action_word(change.action),
                "door": source_word(change.source),
                "why": reason_of(change),
                "rows": difference_rows(detail, words),
            }
            for change, detail in told
            if detail or not change.detail
        ],
    }


def outside_panels(product, context: WorkingContext, request) -> list:
    """Return what other apps show on the product page, by the setting ADMIN_PRODUCT_PANELS."""
    panels = [import_string(path) for path in getattr(settings, "ADMIN_PRODUCT_PANELS", [])]
    return [html for panel in panels if (html := panel(product, context=context, request=request))]
