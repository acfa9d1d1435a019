"""One move on its way: step by step, its place kept with every page."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial

from pim.actions.following import follow_structure
from pim.actions.jobs import Progress
from pim.actions.rest_documents.products import BY_UUID, MODELS, PRODUCTS, Noun
from pim.content.refusals import Refused
from pim.importing.remote import V1, RemotePim, RemoteRefused
from pim.models import ReferenceEntity

from .media import Medium, RemoteMedia
from .products import write_contents
from .reporting import Notes
from .stages import BEFORE_ATTRIBUTES, RECORDS, STAGES, Known, Stage
from .structure import LIMIT, MISSING, write_entity_fields, write_measurements, write_stage
from .ties import write_ties

Step = Callable[[], None]


@dataclass
class Mark:
    """Where a move is: `step` steps are behind it, of the next one what came before `page`.

    `owner` is whose list that is. `deep` says that there are models below models, `ties` that
    products name others; `asset_families` is {attribute: the family of its assets}.
    """

    step: int = 0
    owner: str = ""
    page: str = ""
    deep: bool = False
    ties: bool = False
    asset_families: dict[str, str] = field(default_factory=dict)


class MigrationRun:
    """Reads everything from `remote` and writes it, for a job's `progress`."""

    def __init__(self, progress: Progress, *, remote: RemotePim, publish: bool):
        self.progress, self.remote, self.publish = progress, remote, publish
        self.how = {"actor": progress.actor, "at": progress.at}
        self.saved_job = None if progress.job.dry_run else progress.job
        self.notes = Notes(progress.report)
        store = not progress.job.dry_run
        self.media = RemoteMedia(remote, store=store, beat=progress.beat, **self.how)
        self.mark = Mark(**progress.cursor)
        self.structure_changed = False

    def apply(self) -> None:
        """Do every step that is not behind yet."""
        noun = self._noun()
        self._expect(noun)
        for place, step in enumerate(self._steps(noun)):
            if place < self.mark.step:
                continue
            step()
            self.mark = replace(self.mark, step=place + 1, owner="", page="")
            self.record("")
            self.progress.heed()

    def record(self, name: str) -> None:
        """Keep the place with what was written."""
        cursor = {} if self.progress.job.dry_run else asdict(self.mark)
        self.progress.record(name, cursor=cursor)

    def _noun(self) -> Noun:
        """Return how the other system names products: by uuid where it can."""
        try:
            self.remote.document(f"{V1}/{BY_UUID.address}?limit=1")
        except RemoteRefused as refusal:
            if refusal.params["status"] not in MISSING:
                raise
            return PRODUCTS
        return BY_UUID

    def _expect(self, noun: Noun) -> None:
        counts = [self.remote.count(f"{V1}/{n.address}") for n in (MODELS, noun)]
        # Every product is looked at twice: for what it says, and for its ties.
        self.progress.expect(2 * sum(counts) or None)

    def _steps(self, noun: Noun) -> list[Step]:
        fitted = {"attributes": _learning, "reference_entities": _pictured}
        stages = [fitted[s.code](self, s) if s.code in fitted else s for s in STAGES]
        by_code = {stage.code: partial(write_stage, self, stage) for stage in stages}
        by_code["reference_entities"] = partial(self._entities, by_code["reference_entities"])
        records = replace(RECORDS, adapt=partial(_record, self))
        return [
            *(partial(write_stage, self, stage) for stage in BEFORE_ATTRIBUTES),
            partial(write_measurements, self),
            *by_code.values(),
            partial(write_stage, self, records),
            self._follow,
            partial(self._contents, MODELS, lambda document: not document.get("parent")),
            partial(self._deep, lambda document: bool(document.get("parent"))),
            partial(self._contents, noun, lambda document: True),
            partial(self._ties, MODELS),
            partial(self._ties, noun),
        ]

    def _entities(self, write: Step) -> None:
        write()
        write_entity_fields(self)

    def _follow(self) -> None:
        if not self.progress.job.dry_run:
            follow_structure(at=self.progress.at)

    def _deep(self, wanted: Callable[[dict], bool]) -> None:
        if self.mark.deep:
            self._contents(MODELS, wanted)

    def _contents(self, noun: Noun, wanted: Callable[[dict], bool]) -> None:
        write_contents(self, noun, self.mark.page or _list_of(noun), wanted=wanted)

    def _ties(self, noun: Noun) -> None:
        if self.mark.ties or self.publish:
            write_ties(self, noun, self.mark.page or _list_of(noun))
        else:
            self.progress.expect(self.progress.job.done or None)


def _list_of(noun: Noun) -> str:
    return f"{V1}/{noun.address}?pagination_type=search_after&limit={LIMIT}"


def _learning(run: MigrationRun, stage: Stage) -> Stage:
    """Return the stage of attributes, which learns whose assets each one holds."""

    def adapt(document: dict, known: Known) -> dict | None:
        family = document.get("reference_data_name")
        if document.get("type") == "pim_catalog_asset_collection" and isinstance(family, str):
            run.mark.asset_families[str(document.get("code"))] = family
        return stage.adapt(document, known)

    return replace(stage, adapt=adapt)


def _pictured(run: MigrationRun, stage: Stage) -> Stage:
    """Return the stage of reference entities, which takes their pictures in."""

    def adapt(document: dict, _known: Known) -> dict:
        if not document.get("image"):
            return document
        href = _link(document, "image_download")
        return {**document, "image": _asset(run, stage, Medium(str(document["image"]), href=href))}

    return replace(stage, adapt=adapt)


def _record(run: MigrationRun, document: dict, known: Known) -> dict:
    """Return a record with the codes that its media have here."""
    entity = ReferenceEntity.objects.get(code=known.owner)
    media = {one["code"] for one in entity.fields if one["kind"] == "media"}
    values = dict(document.get("values") or {})
    for name in media & values.keys():
        values[name] = [
            {**entry, "data": code}
            for entry in values[name]
            if (code := _asset(run, RECORDS, _medium(entry)))
        ]
    return {**document, "values": values}


def _medium(entry: dict) -> Medium:
    return Medium(str(entry.get("data")), href=_link(entry, "download"))


def _link(document: dict, name: str) -> str:
    return ((document.get("_links") or {}).get(name) or {}).get("href", "")


def _asset(run: MigrationRun, stage: Stage, medium: Medium) -> str:
    """Return the code of a medium's asset; "" where it could not be had, which is noted."""
    run.media.prepare([medium])
    try:
        return run.media.asset(medium)
    except Refused as refusal:
        run.notes.note(stage.code, medium.code, refusal)
        return ""
