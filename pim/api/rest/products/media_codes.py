"""Codes of media files: those of the assets, ending as the file's name does.

In the original a code ends so, and shops store a picture under the end of its code: without
`.jpg` they could not show it.
"""

from collections.abc import Iterable, Sequence
from mimetypes import guess_extension
from pathlib import PurePosixPath

from pim.actions.products import ProductWrite
from pim.content.rights import Rights
from pim.content.structure import Structure
from pim.models import Asset
from pim.queries.media_rights import visible_media

from .contents import Content

_PARTS = ("code", "filename", "media_type")


def file_code(code: str, filename: str, media_type: str) -> str:
    """Return the code of an asset's file; a file whose name has no ending gets that of its type."""
    ending = PurePosixPath(filename).suffix.lower() or guess_extension(media_type) or ""
    plain = ending.isascii() and ending[1:].isalnum()
    return f"{code}{ending}" if plain and not code.lower().endswith(ending) else code


def file_codes(contents: Iterable[Content], structure: Structure) -> dict[str, str]:
    """Return {asset: code of its file} of all that the contents name: one query."""
    media = _media(structure)
    named = {
        code
        for content in (contents if media else ())
        for _name, values in content.chain
        for held in values.values()
        for attribute in media & held.keys()
        for data in held[attribute].values()
        if isinstance(data, list)
        for code in data
    }
    rows = Asset.objects.filter(code__in=named) if named else Asset.objects.none()
    return {row[0]: file_code(*row) for row in rows.values_list(*_PARTS)}


def asset_codes(names: Iterable[str], rights: Rights) -> dict[str, str]:
    """Return {name as clients give it: asset}; both codes are understood, nothing else.

    What the rights do not show is not there.
    """
    plain = {name: name.removeprefix("/") for name in names if name.isprintable()}
    stems = {text: text[: -len(PurePosixPath(text).suffix) or None] for text in plain.values()}
    wanted = {*stems, *stems.values()}
    rows = Asset.objects.filter(code__in=wanted) if wanted else Asset.objects.none()
    rows = visible_media(rows, rights)
    by_file = {file_code(*row): row[0] for row in rows.values_list(*_PARTS)}
    held = set(by_file.values())
    found = {name: text if text in held else by_file.get(text) for name, text in plain.items()}
    return {name: code for name, code in found.items() if code}


def name_assets(writes: Sequence[ProductWrite], structure: Structure, rights: Rights) -> None:
    """Put the codes of assets where the wishes have codes of files."""
    media = _media(structure)
    places = [
        (write.values, address)
        for write in writes
        for address in write.values
        if address.attribute in media
    ]
    named = {name for values, address in places for name in _texts(values[address])}
    known = asset_codes(named, rights) if named else {}
    for values, address in places:
        data = values[address]
        if isinstance(data, str):
            values[address] = known.get(data, data)
        elif isinstance(data, list):
            values[address] = [known.get(n, n) if isinstance(n, str) else n for n in data]


def _media(structure: Structure) -> set[str]:
    return {a.code for a in structure.attributes.values() if a.kind == "media"}


def _texts(data) -> list[str]:
    listed = data if isinstance(data, list) else [data]
    return [name for name in listed if isinstance(name, str)]
