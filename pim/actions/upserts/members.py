"""What hangs below families and family variants: members, requirements and placements."""

from collections import defaultdict
from collections.abc import Iterable

from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.models import (
    Attribute,
    Channel,
    Family,
    FamilyAttribute,
    FamilyVariantAttribute,
    Product,
    Requirement,
)
from pim.queries.structure import main_identifier

from .fields import codes_of, lookup
from .hidden import Hidden
from .keeping import keep_members, keep_places, refuse_hidden_places
from .trees import CategoryPaths

AXIS_KINDS = ("select", "reference", "measurement", "boolean", "number", "text", "date")


class FamilyMembers:
    """A family's attributes in their order, and what each channel requires of them."""

    @staticmethod
    def check(entries: list, hidden: Hidden) -> None:
        """Resolve codes to ids; a code that does not exist refuses the family."""
        attributes = codes_of(hidden.seen(Attribute))
        identifier, _code = main_identifier() or (None, "")
        rows = Channel.objects.exclude(code__in=hidden.codes(Channel))
        channels = dict(rows.values_list("code", "pk"))
        for entry in entries:
            if entry.row is not None:
                _resolve_members(entry, attributes, identifier)
                _resolve_requirements(entry, attributes, channels)
                entry.document["@unseen"] = hidden.ids(Attribute)
        keep_members(entries, hidden)

    @staticmethod
    def write(entries: list) -> None:
        """Make members and requirements what the documents say, set-wise."""
        _write_rows(
            FamilyAttribute,
            "family_id",
            entries,
            "@attributes",
            lambda row: (row.attribute_id, row.sort_order),
            lambda family, item: FamilyAttribute(
                family_id=family, attribute_id=item[0], sort_order=item[1]
            ),
        )
        _write_requirements(entries)


def _resolve_members(entry, attributes: dict[str, int], identifier: int | None) -> None:
    codes = entry.document.get("attributes")
    if codes is None:
        return
    ids = list(dict.fromkeys(_known_ids(entry, attributes, codes, "attributes")))
    if identifier and identifier not in ids:
        ids.insert(0, identifier)
    entry.document["@attributes"] = [(pk, order) for order, pk in enumerate(ids)]


def _resolve_requirements(entry, attributes: dict[str, int], channels: dict[str, int]) -> None:
    wishes = entry.document.get("requirements")
    if wishes is None:
        return
    found = entry.document["@requirements"] = {}
    for channel, codes in wishes.items():
        field = f"requirements-{channel}"
        ids = set(_known_ids(entry, attributes, codes, field))
        for pk in _known_ids(entry, channels, [channel], field, what="channel"):
            found[pk] = ids


def _known_ids(
    entry, known: dict[str, int], codes: Iterable[str], field: str, *, what: str = "attribute"
) -> list[int]:
    """Return the ids of codes; each that does not exist refuses the entry."""
    found = {code: lookup(known, code) for code in codes}
    for code, pk in found.items():
        if pk is None:
            entry.refuse(UnknownCode(what=what, name=code, field=field))
    return [pk for pk in found.values() if pk is not None]


def _write_requirements(entries: list) -> None:
    touched = [e for e in entries if e.live and "@requirements" in e.document]
    held: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = Requirement.objects.filter(family_id__in=[e.row.pk for e in touched])
    for family, channel, attribute in rows.values_list("family_id", "channel_id", "attribute_id"):
        held[family][channel].add(attribute)
    made = []
    for entry in touched:
        for channel, wish in entry.document["@requirements"].items():
            has = held[entry.row.pk][channel]
            wish = wish | (has & entry.document["@unseen"])
            entry.differs(f"requirements-{channel}", sorted(has), sorted(wish))
            rows.filter(
                family_id=entry.row.pk, channel_id=channel, attribute_id__in=has - wish
            ).delete()
            made += [
                Requirement(family_id=entry.row.pk, channel_id=channel, attribute_id=pk)
                for pk in sorted(wish - has)
            ]
    Requirement.objects.bulk_create(made, batch_size=500)


def _write_rows(model, owner: str, entries: list, name: str, shape, make) -> None:
    """Replace the ordered rows below each owner where they differ from the document."""
    touched = [e for e in entries if e.live and name in e.document]
    held = defaultdict(list)
    for row in model.objects.filter(**{f"{owner}__in": [e.row.pk for e in touched]}):
        held[getattr(row, owner)].append(shape(row))
    changed = []
    for entry in touched:
        before, after = sorted(held[entry.row.pk]), sorted(entry.document[name])
        if entry.differs(name.removeprefix("@"), before, after):
            changed.append(entry)
    model.objects.filter(**{f"{owner}__in": [e.row.pk for e in changed]}).delete()
    model.objects.bulk_create(
        [make(e.row.pk, item) for e in changed for item in e.document[name]], batch_size=500
    )


class Placements:
    """Which attribute of a family variant lives on which level, and which ones are axes."""

    @staticmethod
    def check(entries: list, hidden: Hidden) -> None:
        """Resolve the levels; unknown attributes and impossible axes refuse the row."""
        attributes = {a.code: a for a in Attribute.objects.only("code", "kind", "unique")}
        families = {f.pk: f for f in Family.objects.prefetch_related("attributes")}
        _read_held(entries)
        used = _used_variants(entries)
        for entry in entries:
            if entry.row is None:
                continue
            try:
                family = families.get(entry.row.family_id)
                if entry.new or entry.document.get("axes") or entry.document.get("attributes"):
                    refuse_hidden_places(entry, hidden)
                    whole = _whole(entry)
                    keep_places(entry, whole, hidden)
                    found = _placements(whole, attributes, family)
                    if "@held" in entry.document and entry.row.pk in used:
                        _require_same_axes(entry, whole)
                    entry.document["@placements"] = found
            except (UnknownCode, InvalidValue) as refusal:
                entry.refuse(refusal)

    @staticmethod
    def write(entries: list) -> None:
        """Make the placements what the documents say, set-wise."""
        _write_rows(
            FamilyVariantAttribute,
            "family_variant_id",
            entries,
            "@placements",
            lambda row: (row.attribute_id, row.level, row.axis, row.sort_order),
            lambda variant, item: FamilyVariantAttribute(
                family_variant_id=variant,
                attribute_id=item[0],
                level=item[1],
                axis=item[2],
                sort_order=item[3],
            ),
        )


def _read_held(entries: list) -> None:
    """Put the placements of existing variants beside their documents: levels not named stay."""
    held: dict[int, list] = defaultdict(list)
    known = [e for e in entries if e.live and not e.new]
    rows = FamilyVariantAttribute.objects.filter(family_variant_id__in=[e.row.pk for e in known])
    for row in rows.order_by("sort_order", "pk").values_list(
        "family_variant_id", "attribute__code", "level", "axis"
    ):
        held[row[0]].append(row[1:])
    for entry in known:
        entry.document["@held"] = held[entry.row.pk]


def _used_variants(entries: list) -> set[int]:
    known = [e.row.pk for e in entries if e.live and not e.new]
    rows = Product.objects.filter(family_variant_id__in=known).order_by()
    return set(rows.values_list("family_variant_id", flat=True).distinct())


def _require_same_axes(entry, whole: dict) -> None:
    """Raise where axes would change under products that were told apart by them."""
    held = {(code, level) for code, level, axis in entry.document["@held"] if axis}
    wish = {(code, level) for level, codes in whole["axes"].items() for code in codes}
    if held != wish:
        raise InvalidValue(
            _("The axes of “%(name)s” cannot change: products are told apart by them."),
            code="fixed",
            field="variant-axes_1",
            name=entry.result.code,
        )


def _whole(entry) -> dict:
    """Return axes and attributes of all levels: those of the document, else those held."""
    whole: dict[str, dict[int, list[str]]] = {"axes": {}, "attributes": {}}
    for code, level, axis in entry.document.get("@held", ()):
        whole["axes" if axis else "attributes"].setdefault(level, []).append(code)
    for name, levels in whole.items():
        levels.update(entry.document.get(name) or {})
    named = {c for levels in (entry.document.get("attributes") or {}).values() for c in levels}
    for level, codes in whole["attributes"].items():
        if level not in (entry.document.get("attributes") or {}):
            # An attribute that the document puts elsewhere moves.
            whole["attributes"][level] = [code for code in codes if code not in named]
    return whole


def _placements(document: dict, attributes: dict, family: Family | None) -> list[tuple]:
    """Return (attribute, level, axis, order) of everything that is not on the root."""
    axes = {level: codes for level, codes in document.get("axes", {}).items() if codes}
    if 1 not in axes:
        raise InvalidValue(
            _("A family variant needs at least one axis on level 1."),
            code="axis_missing",
            field="variant-axes_1",
        )
    found: dict[str, tuple[int, bool]] = {}
    for level, codes in document.get("attributes", {}).items():
        for code in codes:
            found[_known(code, attributes, f"variant-attributes_{level}")] = (level, False)
    for level, codes in axes.items():
        for code in codes:
            _check_axis(attributes.get(code), code, f"variant-axes_{level}")
            found[code] = (level, True)
    _sink(found, family, deepest=max(axes))
    return [
        (attributes[code].pk, level, axis, order)
        for order, (code, (level, axis)) in enumerate(found.items())
        if level <= max(axes)
    ]


def _sink(found: dict, family: Family | None, *, deepest: int) -> None:
    """Put what must differ from article to article on the deepest level, unless it was said."""
    for attribute in family.attributes.all() if family else ():
        if attribute.unique or attribute.kind in ("identifier", "packaging"):
            found.setdefault(attribute.code, (deepest, False))


def _known(code: str, attributes: dict, field: str) -> str:
    if code not in attributes:
        raise UnknownCode(what="attribute", name=code, field=field)
    return code


def _check_axis(attribute: Attribute | None, code: str, field: str) -> None:
    if attribute is None:
        raise UnknownCode(what="attribute", name=code, field=field)
    if attribute.localizable or attribute.scopable:
        raise InvalidValue(
            _("“%(name)s” cannot be an axis: it has a value per locale or channel."),
            code="bad_axis",
            field=field,
            name=code,
        )
    if attribute.kind not in AXIS_KINDS:
        raise InvalidValue(
            _("“%(name)s” cannot be an axis: a %(kind)s is no choice."),
            code="bad_axis",
            field=field,
            name=code,
            kind=attribute.kind,
        )


SPECIAL = {
    "families": FamilyMembers,
    "family_variants": Placements,
    "categories": CategoryPaths,
}
