"""Attribute groups, with the attributes of each."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.http import HttpRequest

from pim.actions.rest_documents import plain as forms
from pim.actions.rest_documents.forms import labels_out
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.refusals import UnknownCode
from pim.models import Attribute, AttributeGroup
from pim.queries.rights import hidden_from as codes_hidden_from
from pim.queries.structure import load_structure

from .changed import Changed
from .handlers import collection_view, item_view
from .hiding import hidden_from
from .resource import Resource

OTHER = {"code": "other", "labels": {"en": "Other"}, "sort_order": 100}


def _write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write groups, then put the attributes that each one names into it, in that order.

    Attributes that a group had and no longer names go to the group "other", as in the
    original.
    """
    how = {"actor": actor, "at": at}
    hidden = codes_hidden_from(actor.rights).get("attribute", ())
    _read_attributes(documents, hidden)
    members = {d["code"]: d["@attributes"] for d in documents if "@attributes" in d}
    with transaction.atomic():
        results = upsert_structure(kind, documents, mode=mode, **how)
        good = {r.code for r in results if not r.refusals}
        moves, moved = _moves({g: named for g, named in members.items() if g in good}, hidden)
        if any(move["group"] == OTHER["code"] for move in moves):
            upsert_structure(kind, [OTHER], **how)
        upsert_structure("attributes", moves, **how)
    for result in results:
        if result.code in moved and result.outcome == "unchanged":
            result.outcome = "changed"
    return results


def _read_attributes(documents: list[dict], hidden: Collection[str]) -> None:
    """Put old codes of attributes in today's; refuse what there is none of."""
    structure = load_structure()
    known = set(Attribute.objects.values_list("code", flat=True)) - set(hidden)
    for document in documents:
        codes = document.get("@attributes", ())
        today = [c if c in known else structure.current("attribute", c) for c in codes]
        if "@attributes" in document:
            document["@attributes"] = today
        document["@refusals"] = [
            UnknownCode(what="attribute", name=code, field="attributes")
            for code in today
            if code not in known
        ]


def _moves(members: dict[str, list[str]], hidden: Collection[str]) -> tuple[list[dict], set[str]]:
    """Return the documents of attributes that move, and the groups that change by it.

    Hidden attributes stay where they are.
    """
    held: dict[str, set[str]] = {group: set() for group in members}
    rows = Attribute.objects.filter(group__code__in=members).exclude(code__in=hidden)
    for group, code in rows.values_list("group__code", "code"):
        held[group].add(code)
    wanted = {code: group for group, codes in members.items() for code in codes}
    comes = {c: g for c, g in wanted.items() if c not in held[g]}
    goes = {c for g, codes in held.items() for c in codes if c not in wanted and g != "other"}
    moves = {**comes, **dict.fromkeys(goes, OTHER["code"])}
    changed = {g for g in members if held[g] != {c for c, w in wanted.items() if w == g}}
    return [{"code": code, "group": group} for code, group in sorted(moves.items())], changed


def _present(request: HttpRequest, rows: list[AttributeGroup]) -> list[dict]:
    members = defaultdict(list)
    hidden = hidden_from(request, "attribute")
    named = Attribute.objects.filter(group__in=rows).order_by("sort_order", "code")
    for group, code in named.values_list("group_id", "code"):
        if code not in hidden:
            members[group].append(code)
    return [
        {
            "code": row.code,
            "sort_order": row.sort_order,
            "attributes": members[row.pk],
            "labels": labels_out(row.labels),
        }
        for row in rows
    ]


GROUPS = Resource(
    address="attribute-groups",
    kind="attribute_groups",
    noun="attributegroup",
    what="attribute group",
    types=forms.GROUPS.types,
    read=forms.GROUPS.read,
    rows=lambda _owner: AttributeGroup.objects.order_by("code"),
    present=_present,
    search={"code": ("code", str), "updated": ("attribute_group", Changed)},
    write=_write,
    level=lambda rights, _structure, code: rights.group(code),
)
groups = collection_view(GROUPS, "GET", "POST", "PATCH")
group = item_view(GROUPS, "GET", "PATCH")
