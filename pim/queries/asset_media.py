"""Codes of media files as the API knows them: they name the bytes of an asset, not the asset."""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_

from anyascii import anyascii
from django.db.models import Q

from pim.content.rights import Rights
from pim.models import Asset, Upload
from pim.queries.drafts import chunks
from pim.queries.media_rights import visible_media

DIGITS = 40
MOST = 200

_CODE = re.compile(r"[0-9a-f]/[0-9a-f]/[0-9a-f]/[0-9a-f]/([0-9a-f]{40})_(.+)")


def media_code(digest: str, filename: str) -> str:
    """Return the code of a file: four folders, forty digits of its original digest, its name.

    The name is written so that it can stand in addresses and headers.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", anyascii(filename))
    return f"{'/'.join(digest[:4])}/{digest[:DIGITS]}_{plain}"


def find_medium(code: str, *, rights: Rights) -> tuple[Asset | Upload, str] | None:
    """Return the file that a code names and the name that it gives it; None where there is none.

    The code of an asset names the asset's file. Of equal files it is the oldest asset's, of
    those that the rights show.
    """
    if not code.isprintable():
        return None
    if asset := visible_media(Asset.objects.filter(code=code), rights).first():
        return asset, asset.filename
    return find_files([code], rights=rights).get(code)


def find_files(codes: Iterable[str], *, rights: Rights) -> dict[str, tuple[Asset | Upload, str]]:
    """Return {code: (file, the name that it gives it)} of the codes of files that there are."""
    named = {
        code: found for code in codes if code.isprintable() and (found := _CODE.fullmatch(code))
    }
    files = _by_digits({found[1] for found in named.values()}, rights)
    return {
        code: (files[found[1]], found[2][:255])
        for code, found in named.items()
        if found[1] in files
    }


def _by_digits(digits: set[str], rights: Rights) -> dict[str, Asset | Upload]:
    """Return {the first forty digits: file}; of equal ones the oldest asset, then an upload."""
    files: dict[str, Asset | Upload] = {}
    for rows in (visible_media(Asset.objects.all(), rights), Upload.objects.all()):
        for part in chunks(sorted(digits - files.keys()), MOST):
            # Hexadecimal digits end before "g".
            ranges = [Q(original_sha256__gte=d, original_sha256__lt=f"{d}g") for d in part]
            found = rows.filter(reduce(or_, ranges)).order_by("-id")
            files |= {row.original_sha256[:DIGITS]: row for row in found}
    return files
