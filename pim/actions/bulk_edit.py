"""Bulk edits: operations on every product of a selection, as a job that is followed and undone."""

from collections.abc import Sequence
from typing import Any

from pim.actions.jobs import Progress, publishes, queue_job
from pim.actions.operating import Wanted, operate
from pim.actions.products import WriteResult, write_products
from pim.actions.publishing import publish_products, withdraw_products
from pim.actions.selected import Selected, still_to_do
from pim.content.operations import Operation
from pim.content.refusals import InvalidValue, Refused, _
from pim.content.rights import EVERYTHING, NotAllowed, Rights
from pim.importing.report import CHANGED, UNCHANGED, Place
from pim.models import Job, Product
from pim.queries.operations import load_operations, title_of
from pim.queries.rights import rights_of, rights_on
from pim.queries.selection import select
from pim.queries.structure import load_structure

PUBLISH, WITHDRAW = "publish", "withdraw"
PUBLISHING = {PUBLISH: publish_products, WITHDRAW: withdraw_products}
PRODUCTS, PUBLISHED, REPLACED = "products", "published", "replaced texts"


def queue_bulk_edit(
    selection: Any,
    operations: Any,
    *,
    user=None,
    actor: str = "",
    dry_run: bool = False,
    title: str = "",
) -> Job:
    """Queue a bulk edit; raises every reason why the documents cannot be done.

    `selection` is a selection document, `operations` those of `pim.content.operations`, and
    {"op": "publish"} or {"op": "withdraw"} at the end. A person's right to publish is the
    caller's to check (`pim.actions.jobs.publishes`).
    """
    rights = rights_of(user) if user else EVERYTHING
    read_bulk_edit(operations, rights)
    select(selection, rights=rights)
    return queue_job(
        "bulk_edit",
        title=title or title_of(operations),
        params={"selection": selection, "operations": operations},
        user=user,
        actor=actor,
        dry_run=dry_run,
    )


def read_bulk_edit(documents: Any, rights: Rights = EVERYTHING) -> tuple[list[Operation], str]:
    """Return (the operations, what is done about publication at the end or "")."""
    step = _step(documents[-1]) if isinstance(documents, list) and documents else ""
    rest = documents[:-1] if step else documents
    if publishes({"operations": rest}):
        raise InvalidValue(
            _("Publishing or withdrawing is the last operation, and the only one of its kind."),
            code="publishing_last",
            field="operations",
        )
    return (load_operations(rest, rights) if rest or not step else []), step


def _step(document: Any) -> str:
    """Return "publish" or "withdraw" where the document is one of these, else ""."""
    code = document.get("op") if isinstance(document, dict) else ""
    return code if code in (PUBLISH, WITHDRAW) else ""


def hidden_from(
    ids: Sequence[int], operations: Sequence[Operation], rights: Rights
) -> dict[int, str]:
    """Return {id: an attribute that operations read and that the rights do not show there}.

    Copied, it would be seen. What one role shows here another need not show there, so the
    question is asked product by product.
    """
    spots = [spot for operation in operations for spot in operation.reads()]
    if rights.unlimited or not spots:
        return {}
    known = load_structure().attributes
    read = [(known[spot.name], spot) for spot in spots if spot.name in known]
    found = {}
    for pk, holding in rights_on(ids, rights).items():
        for attribute, spot in read:
            if not holding.value(attribute, spot.channel, spot.locale):
                found[pk] = attribute.code
                break
    return found


def run_bulk_edit(progress: Progress) -> None:
    """Run a job of the kind "bulk_edit"."""
    params = progress.params
    operations, step = read_bulk_edit(params["operations"], progress.actor.rights)
    at, rights = progress.job.created_at, progress.actor.rights
    selected = Selected(params["selection"], at=at, rights=rights)
    progress.expect(len(selected))
    for ids, key in selected.batches(after=progress.cursor.get("after")):
        held = _edit(still_to_do(ids, progress), operations, progress) if operations else set()
        if step:
            _publish([pk for pk in ids if pk not in held], step, progress)
        progress.advance(len(ids))
        progress.keep(PRODUCTS, cursor={"after": key})


def _edit(ids: Sequence[int], operations: list[Operation], progress: Progress) -> set[int]:
    """Write what the operations want; return the ids of products that were refused."""
    hidden = hidden_from(ids, operations, progress.actor.rights)
    _refuse_hidden(hidden, progress)
    wanted = operate([pk for pk in ids if pk not in hidden], operations)
    asking = [one for one in wanted if one.asks]
    results = write_products(
        [one.write for one in asking],
        actor=progress.actor,
        at=progress.at,
        job=progress.job,
        reason=progress.job.title,
        mode="update",
    )
    still = len(wanted) - len(asking)
    if still:
        progress.report.count(PRODUCTS, UNCHANGED, still)
    for one in wanted:
        _note(one, progress)
    for one, result in zip(asking, results, strict=True):
        _tell(one, result, progress)
    refused = {r.product_id for r in results if r.outcome == "refused" and r.product_id}
    return refused | set(hidden)


def _refuse_hidden(hidden: dict[int, str], progress: Progress) -> None:
    names = Product.objects.filter(pk__in=hidden).values_list("pk", "identifier")
    for pk, identifier in names.order_by("pk"):
        sentence = _("Your roles do not show “%(attribute)s”.")
        refusal = NotAllowed(
            sentence, code="hidden_attribute", field=hidden[pk], attribute=hidden[pk]
        )
        progress.report.refuse(PRODUCTS, Place("", 0, identifier), [(hidden[pk], refusal)])


def _tell(one: Wanted, result: WriteResult, progress: Progress) -> None:
    place = Place("", 0, result.identifier)
    if result.outcome == "refused":
        reasons = [(r.params.get("address") or r.field, r) for r in result.refusals]
        progress.report.refuse(PRODUCTS, place, reasons)
        return
    progress.report.count(PRODUCTS, result.outcome)
    progress.show(result.identifier, result.differences)
    if one.sheet.hits:
        progress.report.count(REPLACED, CHANGED, one.sheet.hits)
    for refusal in result.notes:
        progress.report.note("rules", place, refusal.field, refusal)
    if out := _out_of_sight(one, progress.actor.rights):
        progress.report.note(PRODUCTS, place, "family", _stays(out))


def _out_of_sight(one: Wanted, rights: Rights) -> int:
    """Return how many values, of those that may be seen, a new family has no place for."""
    structure = one.sheet.structure
    family = structure.families.get(one.sheet.places.get("family") or "")
    if family is None:
        return 0
    known = structure.attributes
    return sum(
        len(by_channel)
        for held in one.sheet.state.values.values()
        for code, by_channel in held.items()
        if code not in family.attributes and code in known and rights.attribute(known[code])
    )


def _stays(values: int) -> Refused:
    return Refused(
        _(
            "The new family has no place for all values (%(count)s): they stay, out of sight. "
            "“Change the family” on the product's page takes them away."
        ),
        code="out_of_sight",
        count=values,
    )


def _note(one: Wanted, progress: Progress) -> None:
    for attribute, refusal in one.sheet.left.items():
        place = Place("", 0, one.sheet.state.identifier)
        progress.report.note(PRODUCTS, place, attribute, refusal)


def _publish(ids: list[int], step: str, progress: Progress) -> None:
    how = {"actor": progress.actor, "at": progress.at, "reason": progress.job.title}
    done = PUBLISHING[step](ids, job=progress.job, **how)
    count = done if isinstance(done, int) else done.published
    progress.report.count(PUBLISHED, CHANGED, count)
    progress.report.count(PUBLISHED, UNCHANGED, len(ids) - count)
