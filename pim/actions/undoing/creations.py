"""Taking creations and deletions of a job back: removing what it made, making what it removed."""

from collections.abc import Sequence

from pim.actions.jobs import Progress
from pim.actions.products import ProductWrite, write_products
from pim.actions.removal import delete_products
from pim.content.address import Address
from pim.content.diff import flatten
from pim.content.refusals import Refused, _
from pim.content.snapshot import upgrade
from pim.importing.report import CREATED, REMOVED, UNCHANGED, Place
from pim.models import Association, Change, Job, Product
from pim.queries.drafts import read_drafts
from pim.queries.structure import load_structure

from .edits import PRODUCTS, read_spans, write_back
from .wishes import Back, wish_back


def remove_created(ids: Sequence[int], *, undone: Job, progress: Progress) -> None:
    """Delete what the job created and nobody else has touched; the rest is reported."""
    names = dict(Product.objects.filter(id__in=ids).values_list("id", "identifier"))
    reasons = _reasons(list(names), undone, progress)
    for pk, refusal in reasons.items():
        progress.report.refuse(PRODUCTS, Place("", 0, names[pk]), [("", refusal)])
    free = [pk for pk in names if pk not in reasons]
    if free:
        how = {"actor": progress.actor, "at": progress.at, "reason": progress.job.title}
        delete_products(free, job=progress.job, **how)
        progress.report.count(PRODUCTS, REMOVED, len(free))


def create_removed(keys: Sequence[int], *, undone: Job, progress: Progress) -> None:
    """Make what the job deleted once more, under its old uuid; its ties follow later.

    `keys` are the negative ids of the deletions, so that models come before their variants.
    """
    snapshots = _snapshots(keys)
    alive = _alive(snapshots)
    fresh = [s for s in snapshots if s["uuid"] not in alive]
    results = write_products(
        [_creation(snapshot) for snapshot in fresh],
        actor=progress.actor,
        at=progress.at,
        job=progress.job,
        reason=progress.job.title,
        mode="create",
    )
    if len(fresh) < len(snapshots):
        progress.report.count(PRODUCTS, UNCHANGED, len(snapshots) - len(fresh))
    for result in results:
        place = Place("", 0, result.identifier)
        if result.outcome == "refused":
            progress.report.refuse(PRODUCTS, place, [(r.field, r) for r in result.refusals])
        else:
            progress.show(result.identifier, result.differences)
            progress.report.count(PRODUCTS, CREATED)


def tie_removed(keys: Sequence[int], *, undone: Job, progress: Progress) -> None:
    """Give products that came back the associations they had, now that all are there."""
    tied = {s["uuid"]: s["associations"] for s in _snapshots(keys) if s["associations"]}
    ids = Product.objects.filter(uuid__in=tied).values_list("id", flat=True)
    backs = [
        Back(state, ProductWrite(state.identifier, uuid=state.uuid, associations=tied[state.uuid]))
        for state in read_drafts(ids).values()
        if not state.associations
    ]
    write_back(backs, progress=progress)
    _take_back_last_edits(keys, undone, progress)


def _take_back_last_edits(keys: Sequence[int], undone: Job, progress: Progress) -> None:
    """Take back what the job did to these products before it deleted them."""
    rows = Change.objects.filter(id__in=[-key for key in keys])
    old = {d["@deleted"][0]["uuid"]: pk for pk, d in rows.values_list("product_id", "detail")}
    spans = read_spans(list(old.values()), undone)
    if not spans:
        return
    back = Product.objects.filter(uuid__in=[u for u, pk in old.items() if pk in spans])
    states = read_drafts(back.values_list("id", flat=True)).values()
    structure = load_structure()
    wishes = [wish_back(s, spans[old[s.uuid]], structure=structure) for s in states]
    write_back(wishes, progress=progress)


def _snapshots(keys: Sequence[int]) -> list[dict]:
    rows = Change.objects.filter(id__in=[-key for key in keys]).order_by("-id")
    details = rows.values_list("detail", flat=True)
    return [upgrade(detail["@deleted"][0]) for detail in details]


def _alive(snapshots: list[dict]) -> set[str]:
    uuids = Product.objects.filter(uuid__in=[s["uuid"] for s in snapshots])
    return {str(uuid) for uuid in uuids.values_list("uuid", flat=True)}


def _creation(snapshot: dict) -> ProductWrite:
    child = bool(snapshot["parent"])
    return ProductWrite(
        snapshot["identifier"],
        uuid=snapshot["uuid"],
        role=snapshot["role"],
        parent=snapshot["parent"],
        family=None if child else snapshot["family"],
        family_variant=None if child else snapshot["family_variant"],
        enabled=snapshot["enabled"],
        categories=snapshot["categories"],
        groups=snapshot["groups"],
        values={
            Address(*key.split("|")): data for key, data in flatten(snapshot["values"]).items()
        },
    )


def _reasons(ids: list[int], undone: Job, progress: Progress) -> dict[int, Refused]:
    """Return {product id: why it must stay}."""
    found = {}
    children = Product.objects.filter(parent_id__in=ids)
    for pk, name in children.values_list("parent_id", "identifier"):
        found[pk] = _stays(_("It was left: %(name)s is a variant of it."), "has_variants", name)
    ties = Association.objects.filter(target_id__in=ids).exclude(source_id__in=ids)
    made = Change.objects.filter(job=undone, action="create").values("product_id")
    ties = ties.exclude(source_id__in=made)
    for pk, name in ties.values_list("target_id", "source__identifier"):
        found[pk] = _stays(_("It was left: %(name)s is associated with it."), "is_used", name)
    others = Change.objects.filter(product_id__in=ids).exclude(job__in=[undone, progress.job])
    for pk, name in others.order_by("id").values_list("product_id", "actor"):
        found[pk] = _stays(_("It was left: %(name)s has worked on it since."), "touched", name)
    return found


def _stays(sentence: str, code: str, name: str) -> Refused:
    return Refused(sentence, code=code, name=name)
