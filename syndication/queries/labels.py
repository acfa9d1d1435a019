"""Context documents: the labels that all listings of one channel and locale share."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import orjson
from babel import Locale, UnknownLocaleError

from pim.published import Structure, assets
from syndication.contract import Labels
from syndication.models import ContextDocument

Chain = tuple[str, ...]
PICTURE = ("sha256", "filename", "kind", "media_type", "size", "width", "height")


def labels(channel: str, locale: str, *, audience: str | None = None) -> Labels:
    """Return the labels of a context, without what `audience` may not see where one is given.

    Raises `ContextDocument.DoesNotExist` when there is no such context.
    """
    row = ContextDocument.objects.get(channel=channel, locale=locale)
    if audience is None:
        return Labels(row.digest, orjson.loads(row.body))
    body = for_audience(row.body, audience)
    return Labels(hashlib.sha256(body).hexdigest(), orjson.loads(body))


def context_labels(context: tuple[str, str, str]) -> tuple[str, bytes] | None:
    """Return (digest, JSON) of the labels of (channel, audience, locale), None without any."""
    channel, audience, locale = context
    row = ContextDocument.objects.filter(channel=channel, locale=locale).first()
    if row is None:
        return None
    body = for_audience(row.body, audience)
    return hashlib.sha256(body).hexdigest(), body


@lru_cache(maxsize=64)
def for_audience(body: str, audience: str) -> bytes:
    """Return the document without attributes, options and entities of other audiences."""
    document = orjson.loads(body)
    hidden = {
        code
        for code, attribute in document["attributes"].items()
        if attribute["audiences"] and audience not in attribute["audiences"]
    }
    for part in ("attributes", "options"):
        document[part] = {c: held for c, held in document[part].items() if c not in hidden}
    named = {attribute.get("entity") for attribute in document["attributes"].values()}
    # Documents from before have no entities.
    entities = document.get("entities", {})
    document["entities"] = {c: held for c, held in entities.items() if c in named}
    document["roles"] = {r: code for r, code in document["roles"].items() if code not in hidden}
    for family in document["families"].values():
        family["attributes"] = [c for c in family["attributes"] if c not in hidden]
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def context_document(structure: Structure, *, channel: str, locale: str) -> dict:
    """Return the document of one context; see `contract.Labels` for its shape."""
    chain = label_chain(structure, locale)
    here = structure.channels[channel]
    return {
        "channel": {
            "code": channel,
            "label": label(here.labels, chain, channel),
            "currencies": list(here.currencies),
            "tree": here.tree,
        },
        "locale": locale,
        "locales": list(here.locales),
        "direction": direction(locale),
        "roles": structure.roles,
        "groups": _groups(structure, chain),
        "attributes": _attributes(structure, chain),
        "options": _options(structure, chain),
        "entities": _entities(structure, chain),
        "units": _units(structure, chain),
        "categories": _categories(structure, chain, here.tree, locale=locale),
        "families": _families(structure, chain),
        "associations": _associations(structure, chain),
    }


def label_chain(structure: Structure, locale: str) -> Chain:
    """Return the locales in which a label is looked for: fallbacks, the language, English."""
    found = [*structure.chain(locale), locale.split("-")[0], "en", "en-US", "en-GB"]
    return tuple(dict.fromkeys(found))


def label(held: dict, chain: Chain, code: str) -> str:
    """Return the first label along the chain, else any, else the code in brackets."""
    for locale in (*chain, *sorted(held)):
        if held.get(locale):
            return held[locale]
    return f"[{code}]"


def direction(locale: str) -> str:
    """Return "rtl" or "ltr", as CLDR says of the locale's script."""
    for code in (locale, locale.split("-")[0]):
        try:
            order = Locale.parse(code, sep="-").character_order
        except (ValueError, UnknownLocaleError):
            continue
        return "rtl" if order == "right-to-left" else "ltr"
    return "ltr"


def _groups(structure: Structure, chain: Chain) -> list[dict]:
    ordered = sorted(structure.groups.values(), key=lambda g: (g.sort, g.code))
    return [{"code": g.code, "label": label(g.labels, chain, g.code)} for g in ordered]


def _attributes(structure: Structure, chain: Chain) -> dict:
    ordered = sorted(structure.attributes.values(), key=lambda a: (a.sort, a.code))
    return {
        attribute.code: {
            "label": label(attribute.labels, chain, attribute.code),
            "kind": attribute.kind,
            "role": attribute.role,
            "group": attribute.group,
            "sort": place,
            "default_unit": attribute.default_unit,
            "measurement_family": attribute.measurement_family,
            "audiences": sorted(attribute.audiences),
            **({"entity": attribute.reference_entity} if attribute.reference_entity else {}),
            **_columns(attribute.rules, chain),
        }
        for place, attribute in enumerate(ordered)
    }


def _columns(rules: dict, chain: Chain) -> dict:
    if not rules.get("columns"):
        return {}
    return {"columns": [_column(column, chain) for column in rules["columns"]]}


def _column(column: dict, chain: Chain) -> dict:
    shown = {k: v for k, v in column.items() if k not in ("labels", "options")}
    shown["label"] = label(column.get("labels") or {}, chain, column["code"])
    options = column.get("options") or []
    if options:
        shown["options"] = {o["code"]: {"label": _option_label(o, chain)} for o in options}
    return shown


def _options(structure: Structure, chain: Chain) -> dict:
    return {
        attribute: {
            code: {"label": label(option.labels, chain, code), "sort": option.sort}
            for code, option in options.items()
        }
        for attribute, options in structure.options.items()
        if options
    }


def _entities(structure: Structure, chain: Chain) -> dict:
    """Return the entities that attributes name: what the fields of their records are called."""
    named = {a.reference_entity for a in structure.attributes.values() if a.reference_entity}
    return {
        entity.code: {
            "label": label(entity.labels, chain, entity.code),
            "fields": {code: _field(field, chain) for code, field in entity.fields.items()},
        }
        for entity in structure.entities.values()
        if entity.code in named
    }


def _field(field: dict, chain: Chain) -> dict:
    options = field.get("options") or ()
    shown = {
        "label": label(field.get("labels") or {}, chain, field["code"]),
        "kind": field.get("kind", "text"),
    }
    if options:
        shown["options"] = {
            option["code"]: {"label": _option_label(option, chain), "sort": place}
            for place, option in enumerate(options)
        }
    return shown


def _option_label(option: dict, chain: Chain) -> str:
    return label(option.get("labels") or {}, chain, option["code"])


def _units(structure: Structure, chain: Chain) -> dict:
    return {
        family.code: {
            code: {
                "label": label(unit.get("labels") or {}, chain, code),
                "symbol": unit.get("symbol") or "",
                "cldr": unit.get("cldr") or "",
            }
            for code, unit in family.units.items()
        }
        for family in structure.measurements.values()
    }


def _categories(structure: Structure, chain: Chain, tree: str, *, locale: str) -> dict:
    kept = {
        code: category
        for code, category in structure.categories.items()
        if not tree or tree in category.path
    }
    pictures = assets({category.image for category in kept.values() if category.image})
    return {
        code: {
            "label": label(category.labels, chain, code),
            "parent": category.parent,
            "sort": category.sort,
            "path": list(category.path),
            **_told(category, structure.chain(locale), pictures.get(category.image)),
        }
        for code, category in kept.items()
    }


def _told(category, locales: Iterable[str], picture) -> dict:
    """Return the introduction and the picture, of those there are; a text is never in a language
    that the locale does not fall back to."""
    intro = next((category.intro[c] for c in locales if category.intro.get(c)), "")
    found = {"intro": intro} if intro else {}
    if picture and picture.kind == "image":
        alt = next((picture.alt[c] for c in locales if picture.alt.get(c)), "")
        found["image"] = {name: getattr(picture, name) for name in PICTURE} | {"alt": alt}
    return found


def _families(structure: Structure, chain: Chain) -> dict:
    return {
        code: {
            "label": label(family.labels, chain, code),
            "attributes": list(family.attributes),
        }
        for code, family in structure.families.items()
    }


def _associations(structure: Structure, chain: Chain) -> dict:
    return {
        code: {
            "label": label(kind.labels, chain, code),
            "two_way": kind.two_way,
            "quantified": kind.quantified,
            "bundle": kind.bundle,
        }
        for code, kind in structure.association_types.items()
    }
