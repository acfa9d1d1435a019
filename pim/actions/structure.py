"""Changes of the structure: whoever makes one tells the log, so that all readers follow."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from pim.content.actor import Actor
from pim.content.definitions import refuse_definition
from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.models import Category, Change
from pim.models.fields import canonical_json
from pim.queries.structure import load_structure

from . import bulk
from .log import Entry, append_to_log


def record_structure_change(
    kind: str,
    codes: Iterable[str],
    *,
    actor: Actor,
    at: datetime,
    detail: dict | None = None,
    action: str = "structure",
    reason: str = "",
) -> int:
    """Write one change per code and one log entry; return its number.

    `kind` is attribute, option, family, category, channel, locale, record, asset, …;
    `detail` is {code: {field: [before, after]}}, or one document that goes for all codes.
    Call it last in the transaction.
    """
    codes, detail = list(codes), detail or {}
    shared = {} if detail.keys() & set(codes) else detail
    bulk.insert(
        Change,
        ["row_version", "subject", "action", "actor", "source", "reason", "at", "detail"],
        [
            (0, f"{kind}:{code}", action, actor.name, actor.source, reason, at,
             canonical_json(detail.get(code, shared)).decode())
            for code in codes
        ],
    )  # fmt: skip
    return append_to_log([Entry("structure", None, {"kind": kind, "codes": codes})], at=at)


def move_category(
    code: str, *, parent: str, actor: Actor, at: datetime, sort_order: int | None = None
) -> None:
    """Hang a category, and all below it, under another one ("" makes it a tree of its own)."""
    refuse_definition(actor.rights, "category", code, load_structure(), {"parent": parent})
    with transaction.atomic():
        rows = Category.objects.in_bulk([code, parent], field_name="code")
        moved, above = _category(code, rows), _category(parent, rows) if parent else None
        if above and above.path.startswith(moved.path):
            raise InvalidValue(
                _("%(name)s cannot hang below itself."), code="loop", field="parent", name=code
            )
        before, old = moved.parent.code if moved.parent else "", moved.path
        moved.parent = above
        if sort_order is not None:
            moved.sort_order = sort_order
        moved.save(update_fields=["parent", "sort_order"])
        new = f"{above.path if above else '/'}{moved.pk}/"
        below = Category.objects.filter(path__startswith=old)
        codes = list(below.values_list("code", flat=True))
        if new != old:
            below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
        record_structure_change(
            "category", codes, actor=actor, at=at, detail={code: {"parent": [before, parent]}}
        )


def _category(code: str, rows: dict[str, Category]) -> Category:
    if code not in rows:
        raise UnknownCode(what="category", name=code, field="category")
    return rows[code]
