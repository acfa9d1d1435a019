"""The structure as plain values, read once and kept in the process until it changes."""

from collections import defaultdict
from dataclasses import dataclass, field

from pim.content.structure import (
    AssociationTypeDef,
    AttributeDef,
    AudienceDef,
    CategoryDef,
    ChannelDef,
    EntityDef,
    FamilyDef,
    FamilyVariantDef,
    GroupDef,
    LocaleDef,
    MeasurementDef,
    OptionDef,
    Structure,
)
from pim.models import (
    AssociationType,
    Attribute,
    AttributeGroup,
    AttributeOption,
    Audience,
    Category,
    Channel,
    CodeAlias,
    Currency,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    Group,
    Locale,
    LogEntry,
    MeasurementFamily,
    ReferenceEntity,
    ReferenceRecord,
    Requirement,
)

_cached: tuple[tuple, Structure] | None = None


@dataclass(frozen=True)
class Ids:
    """What the database calls the things that the structure calls by code, both ways."""

    groups: dict[str, int] = field(default_factory=dict)
    group_codes: dict[int, str] = field(default_factory=dict)
    category_codes: dict[int, str] = field(default_factory=dict)
    family_codes: dict[int, str] = field(default_factory=dict)
    variant_codes: dict[int, str] = field(default_factory=dict)
    association_codes: dict[int, str] = field(default_factory=dict)


def load_structure() -> Structure:
    """Return the structure as it is now; one small query when it has not changed."""
    global _cached
    stamp = LogEntry.objects.filter(kind="structure").order_by("-seq").values_list("seq", "at")
    key = stamp.first() or (0, None)
    if _cached is None or _cached[0] != key:
        _cached = (key, read_structure(seq=key[0]))
    return _cached[1]


def forget_structure() -> None:
    """Drop the kept structure: for tests, and for writers that roll back."""
    global _cached
    _cached = None


def structure_ids(structure: Structure) -> Ids:
    """Return the ids that go with a loaded structure."""
    return structure.__dict__["_ids"]


def read_structure(*, seq: int = 0) -> Structure:
    """Read the whole structure from the database."""
    categories = _categories()
    groups = dict(Group.objects.values_list("code", "id"))
    families, variants = _families(), _family_variants()
    types = _association_types()
    structure = Structure(
        locales=_locales(),
        currencies=frozenset(Currency.objects.values_list("code", flat=True)),
        audiences={a.code: AudienceDef(a.code, a.labels, a.public) for a in Audience.objects.all()},
        channels=_channels(),
        groups={
            g.code: GroupDef(g.code, g.labels, g.sort_order) for g in AttributeGroup.objects.all()
        },
        attributes=_attributes(),
        options=_options(),
        families=families,
        family_variants=variants,
        categories=categories,
        association_types=types,
        product_groups=frozenset(groups),
        measurements=_measurements(),
        entities=_entities(),
        aliases=_aliases(),
        seq=seq,
    )
    structure.__dict__["_ids"] = Ids(
        groups=groups,
        group_codes={i: c for c, i in groups.items()},
        category_codes={d.id: c for c, d in categories.items()},
        family_codes={d.id: c for c, d in families.items()},
        variant_codes={d.id: c for c, d in variants.items()},
        association_codes={d.id: c for c, d in types.items()},
    )
    return structure


def _locales() -> dict[str, LocaleDef]:
    rows = Locale.objects.values_list("code", "fallback__code", "enabled", "source")
    return {c: LocaleDef(c, fallback or "", on, source) for c, fallback, on, source in rows}


def _channels() -> dict[str, ChannelDef]:
    rows = Channel.objects.select_related("category_tree").prefetch_related(
        "locales", "currencies", "audiences", "price_lists"
    )
    return {
        c.code: ChannelDef(
            code=c.code,
            labels=c.labels,
            locales=tuple(x.code for x in c.locales.all()),
            # In the order in which they were set up: the first is the one of the house.
            currencies=tuple(x.code for x in sorted(c.currencies.all(), key=lambda x: x.id)),
            audiences=tuple(x.code for x in c.audiences.all()),
            tree=c.category_tree.code if c.category_tree else "",
            gate=c.gate,
            price_lists=tuple(x.code for x in c.price_lists.all()),
            id=c.id,
        )
        for c in rows
    }


def _attributes() -> dict[str, AttributeDef]:
    rows = Attribute.objects.select_related(
        "group", "measurement_family", "reference_entity"
    ).prefetch_related("audiences")
    return {a.code: _attribute(a) for a in rows}


def _attribute(a: Attribute) -> AttributeDef:
    return AttributeDef(
        code=a.code,
        kind=a.kind,
        group=a.group.code,
        role=a.role,
        localizable=a.localizable,
        scopable=a.scopable,
        available_locales=frozenset(a.available_locales),
        audiences=frozenset(x.code for x in a.audiences.all()),
        unique=a.unique,
        filterable=a.filterable,
        rules=a.rules,
        measurement_family=a.measurement_family.code if a.measurement_family else "",
        default_unit=a.default_unit,
        reference_entity=a.reference_entity.code if a.reference_entity else "",
        labels=a.labels,
        sort=(a.group.sort_order, a.group.code, a.sort_order),
        id=a.id,
    )


def _options() -> dict[str, dict[str, OptionDef]]:
    found: dict[str, dict[str, OptionDef]] = defaultdict(dict)
    rows = AttributeOption.objects.values_list("attribute__code", "code", "labels", "sort_order")
    for attribute, code, labels, sort in rows:
        found[attribute][code] = OptionDef(code, labels, sort)
    return dict(found)


def _families() -> dict[str, FamilyDef]:
    members = _grouped(FamilyAttribute.objects.values_list("family_id", "attribute__code"))
    requirements: dict[int, dict] = defaultdict(lambda: defaultdict(dict))
    asked = Requirement.objects.order_by("attribute__sort_order", "attribute__code")
    for family, channel, attribute, counts in asked.values_list(
        "family_id", "channel__code", "attribute__code", "fallback_counts"
    ):
        requirements[family][channel][attribute] = counts
    rows = Family.objects.values_list(
        "id", "code", "labels", "label_attribute__code", "image_attribute__code"
    )
    return {
        code: FamilyDef(
            code=code,
            labels=labels,
            attributes=tuple(members.get(pk, ())),
            label_attribute=label or "",
            image_attribute=image or "",
            requirements={c: dict(a) for c, a in requirements.get(pk, {}).items()},
            id=pk,
        )
        for pk, code, labels, label, image in rows
    }


def _family_variants() -> dict[str, FamilyVariantDef]:
    levels: dict[int, dict] = defaultdict(dict)
    axes: dict[int, dict] = defaultdict(lambda: defaultdict(list))
    rows = FamilyVariantAttribute.objects.values_list(
        "family_variant_id", "attribute__code", "level", "axis"
    )
    for variant, attribute, level, axis in rows:
        levels[variant][attribute] = level
        if axis:
            axes[variant][level].append(attribute)
    return {
        v.code: FamilyVariantDef(
            code=v.code,
            family=v.family.code,
            labels=v.labels,
            axes={level: tuple(codes) for level, codes in axes.get(v.id, {}).items()},
            levels=levels.get(v.id, {}),
            id=v.id,
        )
        for v in FamilyVariant.objects.select_related("family")
    }


def _categories() -> dict[str, CategoryDef]:
    rows = {c.id: c for c in Category.objects.select_related("image")}
    paths: dict[int, tuple[str, ...]] = {}

    def path(pk: int) -> tuple[str, ...]:
        if pk not in paths:
            parent = rows[pk].parent_id
            paths[pk] = (*(path(parent) if parent else ()), rows[pk].code)
        return paths[pk]

    return {
        c.code: CategoryDef(
            code=c.code,
            parent=rows[c.parent_id].code if c.parent_id else "",
            labels=c.labels,
            path=path(c.id),
            sort=c.sort_order,
            id=c.id,
            intro=c.intro,
            image=c.image.code if c.image else "",
        )
        for c in rows.values()
    }


def _association_types() -> dict[str, AssociationTypeDef]:
    return {
        t.code: AssociationTypeDef(t.code, t.labels, t.two_way, t.quantified, t.bundle, t.id)
        for t in AssociationType.objects.all()
    }


def _measurements() -> dict[str, MeasurementDef]:
    return {
        m.code: MeasurementDef(m.code, m.standard_unit, {u["code"]: u for u in m.units}, m.labels)
        for m in MeasurementFamily.objects.all()
    }


def _entities() -> dict[str, EntityDef]:
    records = _grouped(ReferenceRecord.objects.values_list("entity_id", "code"))
    return {
        e.code: EntityDef(
            code=e.code,
            labels=e.labels,
            fields={f["code"]: f for f in e.fields},
            records=frozenset(records.get(e.id, ())),
        )
        for e in ReferenceEntity.objects.all()
    }


def _aliases() -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    rows = CodeAlias.objects.exclude(kind="product")
    for kind, owner, old, code in rows.values_list("kind", "owner", "old", "code"):
        found[kind, owner][old] = code
    return dict(found)


def _grouped(pairs) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def main_identifier() -> tuple[int, str] | None:
    """Return (id, code) of `Structure.identifier_attribute` by one query, as the table says now."""
    rows = Attribute.objects.filter(kind="identifier").order_by("pk")
    return rows.values_list("pk", "code").first()
