"""Members and placements that the actor cannot see stay where they are when others are written."""

from collections import defaultdict
from collections.abc import Collection

from pim.content.refusals import UnknownCode
from pim.models import Attribute, FamilyAttribute

from .entries import Entry
from .hidden import Hidden


def keep_members(entries: list[Entry], hidden: Hidden) -> None:
    """Put the hidden attributes of families back among those that the documents name."""
    ids = hidden.ids(Attribute)
    named = [e for e in entries if ids and e.live and not e.new and "@attributes" in e.document]
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = FamilyAttribute.objects.filter(family_id__in=[e.row.pk for e in named])
    for family, *member in rows.order_by("sort_order", "pk").values_list(
        "family_id", "attribute_id", "sort_order"
    ):
        held[family].append(tuple(member))
    for entry in named:
        wish = [pk for pk, _order in entry.document["@attributes"]]
        before = [pk for pk, _order in held[entry.row.pk]]
        after = _with_hidden(wish, before, ids)
        same = after == before
        entry.document["@attributes"] = (
            held[entry.row.pk] if same else [(pk, order) for order, pk in enumerate(after)]
        )


def _with_hidden(wish: list[int], before: list[int], hidden: Collection[int]) -> list[int]:
    """Return the wish with each hidden one after what stood before it, else at the end."""
    found = list(wish)
    for place, pk in enumerate(before):
        if pk in found or pk not in hidden:
            continue
        earlier = before[place - 1] if place else None
        end = len(found) if place else 0
        found.insert(found.index(earlier) + 1 if earlier in found else end, pk)
    return found


def refuse_hidden_places(entry: Entry, hidden: Hidden) -> None:
    """Refuse a family variant that names hidden attributes, as it names some there are none of."""
    codes = hidden.codes(Attribute)
    for kind in ("axes", "attributes") if codes else ():
        for level, named in (entry.document.get(kind) or {}).items():
            for code in named:
                if code in codes:
                    field = f"variant-{kind}_{level}"
                    raise UnknownCode(what="attribute", name=code, field=field)


def keep_places(entry: Entry, whole: dict, hidden: Hidden) -> None:
    """Put hidden attributes back on the levels that the document names."""
    codes = hidden.codes(Attribute)
    for code, level, axis in entry.document.get("@held", ()) if codes else ():
        on_level = whole["axes" if axis else "attributes"].setdefault(level, [])
        if code in codes and code not in on_level:
            on_level.append(code)
