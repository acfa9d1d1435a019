"""Running exports as jobs: products stream from the selection into one file."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db.models import Q

from pim.actions.jobs import Progress, leave_failed, queue_job
from pim.actions.operating import read_above
from pim.actions.scheduled import PersonGone, due, person_of
from pim.actions.selected import Selected
from pim.actions.versions import read_snapshots
from pim.content.address import Address
from pim.content.masks import placed_snapshot, without_references
from pim.content.packaging import packaging_attributes
from pim.content.rights import EVERYTHING, NotAllowed, Rights
from pim.content.seen import seen_structure
from pim.content.structure import Structure
from pim.exporting.columns import Column, Row, columns_of, expected_addresses, wanted_address
from pim.exporting.documents import document_of
from pim.exporting.files import Sink, open_sink
from pim.exporting.packaging import columns_in
from pim.exporting.settings import CONTENTS, PUBLISHED, STRUCTURE, ExportSettings, read_settings
from pim.exporting.settings import PRODUCTS as PRODUCTS_ONLY
from pim.models import Draft, ExportProfile, Job, Product
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.rights import hidden_references, rights_of, rights_on, visible_products
from pim.queries.selection import select
from pim.queries.structure import load_structure
from pim.queries.titles import sentence

from .catalogues import write_catalogue
from .delivering import deliver

PRODUCTS, MODELS = "products", "product_models"
EXPORTED = "exported"


def queue_export(
    selection: Any,
    settings: Any,
    *,
    title: str | dict = "",
    user=None,
    actor: str = "",
    profile=None,
) -> Job:
    """Queue an export; raises what is wrong with the documents. The file is the job's result."""
    rights = rights_of(user) if user else EVERYTHING
    select(selection, rights=rights)
    form = read_settings(settings, _structure(rights))
    content = sentence(CONTENTS[form.content])
    title = title or sentence("%(content)s, %(file)s", content=content, file=form.format.upper())
    params = {
        "selection": selection,
        "settings": settings,
        "name": profile.code if profile else "export",
        "folder": profile.folder if profile else "",
    }
    job = queue_job("export", title=title, params=params, user=user, actor=actor)
    if profile is not None:
        ExportProfile.objects.filter(pk=profile.pk).update(last_job=job)
    return job


def queue_profile(profile: ExportProfile, *, user=None, actor: str = "") -> Job:
    """Queue a run of a profile."""
    return queue_export(
        profile.selection,
        profile.settings,
        title=str(profile),
        user=user,
        actor=actor,
        profile=profile,
    )


def queue_due_exports(*, at: datetime) -> list[Job]:
    """Queue the profiles whose cadence has a slot since the last, as who saved them last."""
    profiles = list(due(ExportProfile.objects.select_related("saved_by"), at=at))
    return [_queue_scheduled(profile) for profile in profiles]


def _queue_scheduled(profile: ExportProfile) -> Job:
    try:
        return queue_profile(profile, user=person_of(profile), actor="schedule")
    except PersonGone as refusal:
        job = leave_failed("export", title=str(profile), cause=refusal.say(), actor="schedule")
        ExportProfile.objects.filter(pk=profile.pk).update(last_job=job)
        return job


def run_export(progress: Progress) -> None:
    """Run a job of the kind "export"; begun again, it writes its file anew."""
    params, rights = progress.params, progress.actor.rights
    settings = read_settings(params["settings"], _structure(rights))
    selected = Selected(params["selection"], at=progress.job.created_at, rights=rights)
    progress.expect(len(selected))
    with tempfile.TemporaryDirectory() as folder:
        path = _file(Path(folder), selected, settings, progress)
        name = params["name"] + "".join(path.suffixes)
        with open(path, "rb") as file:
            progress.job.result.save(f"{progress.job.pk}-{name}", File(file), save=False)
        if params.get("folder"):
            deliver(path, params["folder"], name=name)


def _file(folder: Path, selected: Selected, settings: ExportSettings, progress: Progress) -> Path:
    """Write everything that was asked for; return the file."""
    products = None
    if settings.content != STRUCTURE:
        sink = open_sink(folder, settings)
        _write(sink, selected, settings, progress)
        products = sink.close()
    if settings.content == PRODUCTS_ONLY and not settings.media:
        return products
    if not progress.actor.rights.unlimited:
        raise NotAllowed()  # the structure is not parted by roles
    path = folder / "catalogue.zip"
    structure = settings.content != PRODUCTS_ONLY
    rows = write_catalogue(path, products=products, structure=structure, media=settings.media)
    progress.report.count("structure", "created", rows)
    return path


def _write(sink: Sink, selected: Selected, settings: ExportSettings, progress: Progress) -> None:
    """Write the tables: models and products apart for machines, together for people."""
    structure = _structure(progress.actor.rights)
    addresses = _addresses(selected, settings, structure)
    packed = _packed(selected, settings, addresses, progress.actor.rights)
    parts = ((True, MODELS), (False, PRODUCTS)) if settings.exact else ((None, PRODUCTS),)
    for models, name in parts:
        columns = columns_of(settings, addresses, structure, models=bool(models), packed=packed)
        begun = False
        for ids, _key in selected.batches():
            rows = list(_rows(ids, settings, progress.actor.rights, models=models))
            if rows and not begun:
                sink.table(name, [column.title for column in columns])
                begun = True
            for row in rows:
                sink.write(_cells(row, columns, settings, structure))
            progress.report.count(EXPORTED, "created", len(rows))
            progress.advance(len(rows))
            progress.keep(name)
        if not begun and not models:
            sink.table(name, [column.title for column in columns])


def _cells(row: Row, columns: list[Column], settings: ExportSettings, structure) -> list:
    if settings.format == "jsonl":
        return [document_of(row, settings, structure)]
    return [column.cell(row) for column in columns]


def _structure(rights: Rights) -> Structure:
    """Return the structure that columns are made of: hidden attributes have none."""
    return seen_structure(load_structure(), rights)


def _addresses(selected: Selected, settings: ExportSettings, structure: Structure) -> set[Address]:
    """Return the addresses of the columns: those named, else those that occur."""
    if settings.format == "jsonl":
        return set()
    if settings.columns:
        return expected_addresses(settings, structure)
    found: set[Address] = set()
    for ids, _key in selected.batches():
        for tree in _trees(ids, settings):
            for locale, held in tree.items():
                for code, by_channel in held.items():
                    found.update(Address(code, channel, locale) for channel in by_channel)
    return {a for a in found if wanted_address(a, settings, structure)}


def _packed(
    selected: Selected, settings: ExportSettings, addresses: set[Address], rights: Rights
) -> dict[Address, set[str]]:
    """Return the columns in use of every packaging that people are to read; {} for machines."""
    structure = load_structure()
    wanted = {a for a in addresses if a.attribute in packaging_attributes(structure)}
    if settings.exact or not wanted:
        return {}
    found: dict[Address, set[str]] = {address: set() for address in wanted}
    for ids, _key in selected.batches():
        for row in _rows(ids, settings, rights, models=None):
            for address in wanted:
                attribute = structure.attributes[address.attribute]
                found[address].update(columns_in(row.data(attribute, address, inherited=True)))
    return found


def _trees(ids: list[int], settings: ExportSettings) -> Iterator[dict]:
    if settings.state == PUBLISHED:
        yield from (s["values"] for s in read_snapshots(_versions(ids).values()).values())
        return
    rows = Draft.objects.filter(product_id__in=ids).values_list("locale", "values")
    yield from ({locale: values} for locale, values in rows)


def _rows(
    ids: list[int], settings: ExportSettings, rights: Rights, *, models: bool | None
) -> Iterator[Row]:
    """Yield the rows of one batch in its order; `models` None means both kinds."""
    drafts = read_drafts(ids)
    states = [drafts[pk] for pk in ids if pk in drafts]
    if models is not None:
        states = [s for s in states if (s.role == "model") == models]
    published = _published(states) if settings.state == PUBLISHED else {}
    above = read_above(states) if not settings.exact else None
    holdings = rights_on([s.id for s in states], rights)
    names = _names(states, rights) if not settings.exact else {}
    shown = _shown(states, rights)
    mask = _masking(states, published, above, rights)
    for state in states:
        snapshot = published.get(state.id) if settings.state == PUBLISHED else state.snapshot()
        if snapshot is None:
            continue
        if not rights.unlimited:
            snapshot = placed_snapshot(snapshot, shown, rights, load_structure())
            snapshot["values"] = mask(snapshot["values"])
        shows = _shows(holdings[state.id]) if not rights.unlimited else _everything
        yield Row(snapshot, tuple(map(mask, above(state))) if above else (), shows, names)


def _masking(
    states: list[DraftState], published: dict[int, dict], above: Callable | None, rights: Rights
) -> Callable[[dict], dict]:
    """Return what takes references to hidden products out of values."""
    structure = load_structure()
    trees = [state.values for state in states] + [shot["values"] for shot in published.values()]
    trees += [tree for state in states for tree in above(state)] if above else []
    hidden = hidden_references(trees, rights, structure)
    if not hidden:
        return lambda values: values
    return lambda values: without_references(values, hidden, structure)


def _shown(states: list[DraftState], rights: Rights) -> frozenset[str]:
    """Return the uuids and identifiers of the products around these that the rights show."""
    if rights.unlimited:
        return frozenset()
    tied = {
        tie[0]
        for state in states
        for ties in state.associations.values()
        for tie in ties["products"]
    }
    models = {state.parent_id for state in states}
    rows = Product.objects.filter(Q(uuid__in=tied) | Q(pk__in=models))
    found = visible_products(rows, rights).values_list("uuid", "identifier")
    return frozenset(str(name) for pair in found for name in pair)


def _published(states: list[DraftState]) -> dict[int, dict]:
    """Return {product id: what of it is published}; withdrawn products are not."""
    versions = {s.id: s.version_id for s in states if s.version_id and not s.withdrawn}
    found = read_snapshots(versions.values())
    return {pk: found[version] for pk, version in versions.items() if version in found}


def _versions(ids: list[int]) -> dict[int, int]:
    rows = Product.objects.filter(pk__in=ids, version__isnull=False, withdrawn=False)
    return dict(rows.values_list("id", "version_id"))


def _shows(holding):
    return lambda attribute, address: bool(
        holding.value(attribute, address.channel, address.locale)
    )


def _everything(attribute, address) -> bool:
    return True


def _names(states: Iterable[DraftState], rights: Rights) -> dict[str, str]:
    """Return {uuid: identifier} of the products that these name and the rights show: one query."""
    structure = load_structure()
    uuids = {
        uuid
        for state in states
        for ties in state.associations.values()
        for uuid, _quantity in ties["products"]
    }
    for state in states:
        for held in state.values.values():
            for code in structure.references & held.keys():
                for data in held[code].values():
                    uuids.update(data if isinstance(data, list) else ())
    if not uuids:
        return {}
    rows = visible_products(Product.objects.filter(uuid__in=uuids), rights)
    rows = rows.values_list("uuid", "identifier")
    return {str(uuid): identifier for uuid, identifier in rows}
