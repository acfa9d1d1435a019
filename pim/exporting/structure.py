"""The structure as tables in the layout that the import reads: everything but the products."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from pim.content.locales import to_posix
from pim.models import (
    AssociationType,
    Attribute,
    AttributeGroup,
    AttributeOption,
    Audience,
    Category,
    Channel,
    Currency,
    Family,
    FamilyVariant,
    Group,
    GroupType,
    Locale,
    MeasurementFamily,
    PriceList,
    ReferenceEntity,
    ReferenceRecord,
)


class StructureTable(NamedTuple):
    """One table: its name, and its rows as {title: text}."""

    name: str
    rows: Iterable[dict[str, str]]


def structure_tables() -> Iterator[StructureTable]:
    """Yield the tables in the order in which they depend on one another."""
    yield StructureTable("locales", _locales())
    yield StructureTable("currencies", _currencies())
    yield StructureTable("audiences", _labelled(Audience, public=lambda a: a.public))
    yield StructureTable("measurement_families", _measurements())
    yield StructureTable("attribute_groups", _labelled(AttributeGroup, sort_order=_order))
    yield StructureTable("reference_entities", _entities())
    yield StructureTable("reference_records", _records())
    yield StructureTable("attributes", _attributes())
    yield StructureTable("attribute_options", _options())
    yield StructureTable("categories", _categories())
    yield StructureTable("price_lists", _price_lists())
    yield StructureTable("channels", _channels())
    yield StructureTable("families", _families())
    yield StructureTable("family_variants", _variants())
    yield StructureTable("association_types", _association_types())
    yield StructureTable("group_types", _labelled(GroupType))
    yield StructureTable("groups", _labelled(Group.objects.select_related("type"), type=_type))


def titles_of(rows: list[dict[str, str]]) -> list[str]:
    """Return the titles of a table: those of all its rows, in the order of their first coming."""
    return list(dict.fromkeys(title for row in rows for title in row))


def texts(labels: dict, prefix: str = "label") -> dict[str, str]:
    """Return {locale: text} as one column per locale."""
    return {f"{prefix}-{to_posix(code)}": text for code, text in labels.items() if text}


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict) or (
        isinstance(value, list) and value and isinstance(value[0], dict)
    ):
        return orjson.dumps(value).decode()
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value)


def _labelled(source, **columns) -> Iterator[dict[str, str]]:
    rows = source.objects.all() if isinstance(source, type) else source
    for row in rows:
        more = {name: _cell(read(row)) for name, read in columns.items()}
        yield {"code": row.code, **more, **texts(row.labels)}


def _order(row) -> int:
    return row.sort_order


def _fields(entity: ReferenceEntity) -> list:
    return entity.fields


def _type(group: Group) -> str:
    return group.type.code


def _locales() -> Iterator[dict[str, str]]:
    # A locale comes after the one that it falls back to.
    rows = sorted(Locale.objects.select_related("fallback"), key=lambda r: _depth(r))
    for row in rows:
        fallback = row.fallback.code if row.fallback else ""
        yield {
            "code": row.code, "fallback": fallback, "translated_from": row.source,
            "enabled": _cell(row.enabled),
        }  # fmt: skip


def _depth(locale: Locale) -> int:
    depth = 0
    while locale.fallback and depth < 20:
        locale, depth = locale.fallback, depth + 1
    return depth


def _currencies() -> Iterator[dict[str, str]]:
    for row in Currency.objects.all():
        yield {"code": row.code, "activated": _cell(row.enabled)}


def _measurements() -> Iterator[dict[str, str]]:
    return _labelled(
        MeasurementFamily, standard_unit=lambda m: m.standard_unit, units=lambda m: m.units
    )


def _entities() -> Iterator[dict[str, str]]:
    return _labelled(
        ReferenceEntity.objects.select_related("image"), fields=_fields, image=_picture
    )


def _picture(row: Category | ReferenceEntity) -> str:
    return row.image.code if row.image else ""


def _records() -> Iterator[dict[str, str]]:
    for row in ReferenceRecord.objects.select_related("entity").order_by("entity__code", "code"):
        values = {
            f"{name}-{to_posix(locale)}" if locale else name: _cell(text)
            for name, held in row.values.items()
            for locale, text in held.items()
        }
        yield {
            "code": row.code, "reference_entity": row.entity.code, **texts(row.labels), **values
        }  # fmt: skip


def _attributes() -> Iterator[dict[str, str]]:
    rows = Attribute.objects.select_related("group", "measurement_family", "reference_entity")
    for row in rows.prefetch_related("audiences"):
        entity, family = row.reference_entity, row.measurement_family
        yield {
            "code": row.code,
            "type": row.kind,
            "group": row.group.code,
            "role": row.role,
            "localizable": _cell(row.localizable),
            "scopable": _cell(row.scopable),
            "unique": _cell(row.unique),
            "filterable": _cell(row.filterable),
            "available_locales": _cell(row.available_locales),
            "audiences": _cell([audience.code for audience in row.audiences.all()]),
            "metric_family": family.code if family else "",
            "default_metric_unit": row.default_unit,
            "reference_data_name": entity.code if entity else "",
            **_rules(row.rules or {}),
            "sort_order": _cell(row.sort_order),
            **texts(row.labels),
            **texts(row.guidelines or {}, "guidelines"),
        }


def _rules(rules: dict) -> dict[str, str]:
    pattern = rules.get("pattern", "")
    return {
        "max_characters": _cell(rules.get("max_length")),
        "validation_rule": "regexp" if pattern else "",
        "validation_regexp": pattern,
        "number_min": _cell(rules.get("min")),
        "number_max": _cell(rules.get("max")),
        "decimals_allowed": _cell(rules.get("decimals")),
        "negative_allowed": _cell(rules.get("negative")),
        "date_min": _cell(rules.get("date_min")),
        "date_max": _cell(rules.get("date_max")),
        "allowed_extensions": _cell(rules.get("extensions")),
        "max_items": _cell(rules.get("max_items")),
        "table_configuration": _cell(rules.get("columns")),
    }


def _options() -> Iterator[dict[str, str]]:
    rows = AttributeOption.objects.select_related("attribute")
    for row in rows.order_by("attribute__code", "sort_order", "code"):
        yield {
            "code": row.code, "attribute": row.attribute.code,
            "sort_order": _cell(row.sort_order), **texts(row.labels),
        }  # fmt: skip


def _categories() -> Iterator[dict[str, str]]:
    # Ordered by their paths, every category comes after the one it hangs under.
    rows = Category.objects.select_related("parent", "image")
    for row in sorted(rows, key=lambda r: [int(step) for step in r.path.split("/") if step]):
        yield {
            "code": row.code, "parent": row.parent.code if row.parent else "",
            "sort_order": _cell(row.sort_order), "image": _picture(row), **texts(row.labels),
            **texts(row.intro or {}, "intro"),
        }  # fmt: skip


def _price_lists() -> Iterator[dict[str, str]]:
    rows = PriceList.objects.select_related("currency").prefetch_related("audiences")
    return _labelled(
        rows,
        currency=lambda p: p.currency.code,
        audiences=lambda p: [a.code for a in p.audiences.all()],
        tax_included=lambda p: p.tax_included,
    )


def _channels() -> Iterator[dict[str, str]]:
    related = ("locales", "currencies", "audiences", "price_lists")
    rows = Channel.objects.select_related("category_tree").prefetch_related(*related)

    def codes(name: str):
        return lambda channel: [row.code for row in getattr(channel, name).all()]

    return _labelled(
        rows,
        **{name: codes(name) for name in related},
        tree=lambda c: c.category_tree.code if c.category_tree else "",
        gate=lambda c: c.gate,
        conversion_units=lambda c: [f"{k}:{v}" for k, v in (c.conversion_units or {}).items()],
    )


def _families() -> Iterator[dict[str, str]]:
    rows = Family.objects.select_related("label_attribute", "image_attribute")
    channels = list(Channel.objects.values_list("code", flat=True))
    for row in rows.prefetch_related("members__attribute", "requirements__attribute",
                                     "requirements__channel"):  # fmt: skip
        required: dict[str, list[str]] = {code: [] for code in channels}
        for requirement in row.requirements.all():
            required[requirement.channel.code].append(requirement.attribute.code)
        members = sorted(row.members.all(), key=lambda m: (m.sort_order, m.pk))
        yield {
            "code": row.code,
            "attributes": _cell([member.attribute.code for member in members]),
            "attribute_as_label": row.label_attribute.code if row.label_attribute else "",
            "attribute_as_image": row.image_attribute.code if row.image_attribute else "",
            **{f"requirements-{code}": _cell(codes) for code, codes in required.items()},
            **texts(row.labels),
        }


def _variants() -> Iterator[dict[str, str]]:
    rows = FamilyVariant.objects.select_related("family")
    for row in rows.prefetch_related("placements__attribute"):
        placed = sorted(row.placements.all(), key=lambda p: (p.sort_order, p.pk))
        columns = {}
        for level in (1, 2):
            here = [p for p in placed if p.level == level]
            columns[f"variant-axes_{level}"] = _cell([p.attribute.code for p in here if p.axis])
            columns[f"variant-attributes_{level}"] = _cell([p.attribute.code for p in here])
        yield {"code": row.code, "family": row.family.code, **columns, **texts(row.labels)}


def _association_types() -> Iterator[dict[str, str]]:
    return _labelled(
        AssociationType,
        two_way=lambda t: t.two_way,
        quantified=lambda t: t.quantified,
        bundle=lambda t: t.bundle,
    )
