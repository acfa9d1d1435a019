"""Files that documents name where an asset belongs: a file that came alone becomes an asset."""

from collections.abc import Iterable
from datetime import datetime

from pim.content.actor import Actor
from pim.content.refusals import Refused, UnknownCode
from pim.content.rights import Rights
from pim.models import Asset, Upload
from pim.queries.asset_media import find_files, media_code
from pim.queries.media_rights import visible_media

from .assets import asset_of_file, code_for


class FilesNamed:
    """What names stand for: codes of assets, and codes of files.

    `held` are codes of assets that stand there already: of equal files theirs is meant. What the
    rights do not show stands for nothing.
    """

    def __init__(self, names: Iterable[str], *, rights: Rights, held: Iterable[str | None] = ()):
        names, held = set(names), {code for code in held if code}
        wanted = names | held
        rows = Asset.objects.filter(code__in=wanted)
        rows = visible_media(rows, rights) if wanted else ()
        assets = {asset.code: asset for asset in rows}
        there = {_file(assets[code]): assets[code] for code in sorted(held & assets.keys())}
        known = {name: assets.get(name) or there.get(name) for name in names}
        lone = (name for name, asset in known.items() if asset is None)
        files = find_files(lone, rights=rights)
        self._found = {
            name: (asset, asset.filename) if asset else files.get(name)
            for name, asset in known.items()
        }

    def medium(self, name: str, *, place: str) -> Asset | Upload:
        """Return what a name stands for; raises `UnknownCode`. `place` is what it is about."""
        found = self._found[name]
        if found is None:
            raise UnknownCode(what="media file", name=name, field=place)
        return found[0]

    def asset(self, name: str, *, place: str, actor: Actor, at: datetime) -> str:
        """Return the code of the asset, which is made of a file that has none; raises `Refused`."""
        medium = self.medium(name, place=place)
        if isinstance(medium, Asset):
            return medium.code
        try:
            made = self._made(medium, self._found[name][1], actor=actor, at=at)
        except Refused as refusal:
            refusal.field = place
            raise
        self._found = {
            other: (made, made.filename) if found and found[0] == medium else found
            for other, found in self._found.items()
        }
        medium.delete()
        return made.code

    def _made(self, upload: Upload, filename: str, *, actor: Actor, at: datetime) -> Asset:
        digest, kind = upload.original_sha256, upload.kind
        code = code_for(
            {"filename": filename, "original_sha256": digest, "kind": kind}, actor.rights
        )
        return asset_of_file(code, upload, filename=filename, actor=actor, at=at)


def _file(asset: Asset) -> str:
    return media_code(asset.original_sha256, asset.filename)
