"""Media of an import: cells become asset codes, files beside the tables become assets."""

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime

from pim.actions.assets import ingest_asset
from pim.actions.import_addresses import KEPT, AddressIntake, Taken, addresses, is_address
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, _
from pim.content.structure import AttributeDef
from pim.importing.refusals import MediaMissing
from pim.importing.source import Source
from pim.models import Asset
from pim.queries.media_rights import visible_media

SPOOL = 8 * 1024 * 1024
CHUNK = 1024 * 1024


class MediaIntake:
    """Takes every file in once, however many rows name it.

    It keeps in mind `KEPT` of each sort; what it has forgotten it finds in the database again.
    """

    def __init__(
        self,
        source: Source,
        *,
        actor: Actor,
        at: datetime,
        store: bool,
        fetch: bool = False,
        beat: Callable[[], None] = lambda: None,
    ):
        self._source, self._how = source, {"actor": actor, "at": at, "store": store}
        self._rights = actor.rights
        self._addresses = AddressIntake(wanted=fetch, store=store, beat=beat, actor=actor, at=at)
        self._beat = beat
        self._taken: dict[str, Taken | Refused] = {}
        self._known: dict[str, Taken | None] = {}
        self._codes: dict[tuple, list[str]] = {}
        self._stamps: dict[tuple[str, str], str] = {}

    def prepare(self, cells: Iterable[str], *, folder: str) -> None:
        """Look up set-wise the cells that name no file: asset codes, or web addresses."""
        cells = list(cells)
        for kept in (self._taken, self._known, self._codes, self._stamps):
            if len(kept) > KEPT:
                kept.clear()
        self._addresses.prepare(addresses(cells))
        names = {
            c for c in cells if c not in self._known and not self._source.find(c, folder=folder)
        }
        for start in range(0, len(names), 500):
            wanted = sorted(names)[start : start + 500]
            rows = visible_media(Asset.objects.filter(code__in=wanted), self._rights)
            found = {a.code: Taken.of(a) for a in rows}
            self._known.update({code: found.get(code) for code in wanted})

    def stamp(self, cell: str, *, folder: str) -> str:
        """Return what tells whether the files that a cell names have changed."""
        key = (cell, folder)
        if key not in self._stamps:
            found = [self._source.find(path, folder=folder) for path in cell.split(",")]
            self._stamps[key] = "|".join(self._source.stamp(name) if name else "" for name in found)
        return self._stamps[key]

    def codes(self, paths: list[str], attribute: AttributeDef, *, folder: str) -> list[str]:
        """Return the codes of the assets that a media cell names; raises `Refused`."""
        key = (*paths, attribute.code, folder)
        if key not in self._codes:
            assets = [self._asset(path, folder=folder) for path in paths]
            for asset in assets:
                _check_type(asset, attribute)
            self._codes[key] = [asset.code for asset in assets]
        return self._codes[key]

    def asset(self, cell: str, *, folder: str) -> Taken:
        """Return the asset that a cell names, by a file of the import or by code."""
        return self._asset(cell, folder=folder)

    def take(self, path: str, *, folder: str, **described) -> Asset:
        """Take one file in under a code of its own, with texts and rights."""
        name = self._source.find(path, folder=folder)
        if name is None:
            raise MediaMissing(path=path)
        return self._ingest(name, **described)

    def _asset(self, path: str, *, folder: str) -> Taken:
        if is_address(path):
            return self._addresses.asset(path)
        name = self._source.find(path, folder=folder)
        if name is None:
            asset = self._by_code(path)
            if asset is None:
                raise MediaMissing(path=path)
            return asset
        if name not in self._taken:
            self._beat()
            try:
                self._taken[name] = Taken.of(self._ingest(name))
            except Refused as refusal:
                self._taken[name] = refusal
        taken = self._taken[name]
        if isinstance(taken, Refused):
            raise taken
        return taken

    def _by_code(self, code: str) -> Taken | None:
        if code not in self._known:
            asset = visible_media(Asset.objects.filter(code=code), self._rights).first()
            self._known[code] = Taken.of(asset) if asset else None
        return self._known[code]

    def _ingest(self, name: str, **described) -> Asset:
        filename = name.rsplit("/", 1)[-1]
        with self._source.open(name) as stream:
            if stream.seekable():
                return ingest_asset(stream, filename=filename, **self._how, **described)
            with tempfile.SpooledTemporaryFile(max_size=SPOOL) as spool:
                while chunk := stream.read(CHUNK):
                    spool.write(chunk)
                return ingest_asset(spool, filename=filename, **self._how, **described)


def _check_type(asset: Taken, attribute: AttributeDef) -> None:
    types = attribute.rules.get("media_types") or []
    endings = attribute.rules.get("extensions") or []
    ending = asset.filename.rsplit(".", 1)[-1].lower()
    if (types and asset.kind not in types) or (endings and ending not in endings):
        raise InvalidValue(
            _("“%(name)s” does not fit “%(attribute)s”, which takes %(accepted)s."),
            code="wrong_media",
            field=attribute.code,
            name=asset.filename,
            attribute=attribute.code,
            accepted=", ".join(endings or types),
        )
