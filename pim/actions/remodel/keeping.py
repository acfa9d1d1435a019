"""Rows of the structure as they were: kept by a remodelling, put back when it is taken back.

Of a row that is still there only the fields come back that the remodelling changed, and only
where nobody has changed them since; a row that was deleted comes back whole.
"""

import json
from collections.abc import Iterable

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, transaction
from django.db.models import Model

from pim.content.refusals import Refused, _
from pim.importing.report import Place, Report
from pim.models import Attribute, FamilyVariantAttribute

STRUCTURE = "structure"
# What values were rewritten for: with another state of it they must not be put back.
_ESSENTIAL = {(Attribute, "kind"), (Attribute, ""), (FamilyVariantAttribute, "")}


def documents_of(rows: Iterable[Model]) -> list[dict]:
    """Return rows as documents {"model", "pk", "fields"}; many-to-many sets are in them."""
    return json.loads(serializers.serialize("json", rows))


def kept_document(kept: list[dict]) -> dict:
    """Return {"rows": what was deleted, "changed": [[model, pk, {field: [before, after]}]]}.

    Call it when everything is done: what the rows are now is what the remodelling made of them.
    """
    gone, changed = [], []
    for document in kept:
        now = _now(document["model"], document["pk"])
        if now is None:
            gone.append(document)
            continue
        after = now["fields"]
        fields = {n: [old, after[n]] for n, old in document["fields"].items() if after[n] != old}
        if fields:
            changed.append([document["model"], document["pk"], fields])
    return {"rows": json.dumps(gone), "changed": changed}


def put_back(document: dict, report: Report) -> None:
    """Put the rows back that were changed or deleted; tell what was changed since and stays.

    Raises `Refused` where the values could not be put back with it.
    """
    for row in json.loads(document["rows"]):
        if "changed" not in document or not _now(row["model"], row["pk"]):
            _restore(row, report)
    for model, pk, fields in document.get("changed", ()):
        _restore_fields(model, pk, fields, report)


def take_away(made: list[list], report: Report) -> None:
    """Delete the rows that a remodelling made, as [[model, pk], …]; what is gone is gone.

    Raises `Refused` where one that values depend on was replaced since.
    """
    for label, pk in reversed(made):
        model = apps.get_model(label)
        gone, _each = model.objects.filter(pk=pk).delete()
        if not gone and (model, "") in _ESSENTIAL:
            _clash(label, "", str(pk), report)


def _restore_fields(model: str, pk: int, fields: dict[str, list], report: Report) -> None:
    now = _now(model, pk, lock=True)
    if now is None:
        _clash(model, "", str(pk), report)
        return
    back = {}
    for name, (before, after) in fields.items():
        if now["fields"][name] == after:
            back[name] = before
        elif now["fields"][name] != before:
            _clash(model, name, _name(now), report)
    if back:
        _save({**now, "fields": {**now["fields"], **back}}, report)


def _restore(row: dict, report: Report) -> None:
    """Bring a deleted row back, unless there is another in its place or its owner is gone."""
    if lost := _lost_links(row):
        _clash(row["model"], "", f"{_name(row)} ({', '.join(lost)})", report)
        return
    _save(row, report)


def _save(row: dict, report: Report) -> None:
    try:
        with transaction.atomic():
            next(serializers.deserialize("json", json.dumps([row]))).save()
    except IntegrityError:
        _clash(row["model"], "", _name(row), report)


def _lost_links(row: dict) -> list[str]:
    """Return the links of a row whose targets are gone."""
    model = apps.get_model(row["model"])
    links = [f for f in model._meta.fields if f.is_relation and row["fields"].get(f.name)]
    return [
        f.name
        for f in links
        if not f.related_model.objects.filter(pk=row["fields"][f.name]).exists()
    ]


def _now(model: str, pk: int, *, lock: bool = False) -> dict | None:
    rows = apps.get_model(model).objects.filter(pk=pk)
    found = documents_of(rows.select_for_update(of=("self",)) if lock else rows)
    return found[0] if found else None


def _name(row: dict) -> str:
    return str(row["fields"].get("code") or row["pk"])


def _clash(model: str, field: str, name: str, report: Report) -> None:
    kind = apps.get_model(model)
    params = {
        "noun": str(kind._meta.verbose_name),
        "name": name,
        "place": f" ({field})" * bool(field),
    }
    if (kind, field) in _ESSENTIAL:
        raise Refused(
            _("%(noun)s %(name)s was changed since%(place)s: take that back first."),
            code="changed_since",
            **params,
        )
    refusal = Refused(
        _("%(noun)s %(name)s was changed since and stays as it is now%(place)s."),
        code="changed_since",
        **params,
    )
    report.note(STRUCTURE, Place("", 0, name), field or kind._meta.model_name, refusal)
