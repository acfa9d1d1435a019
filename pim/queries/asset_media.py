"""Codes of media files as the API knows them: they name the bytes of an asset, not the asset."""

import re

from anyascii import anyascii

from pim.models import Asset, Upload

_CODE = re.compile(r"[0-9a-f]/[0-9a-f]/[0-9a-f]/[0-9a-f]/([0-9a-f]{40})_(.+)")


def media_code(digest: str, filename: str) -> str:
    """Return the code of a file: four folders, forty digits of its original digest, its name.

    The name is written so that it can stand in addresses and headers.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", anyascii(filename))
    return f"{'/'.join(digest[:4])}/{digest[:40]}_{plain}"


def find_medium(code: str) -> tuple[Asset | Upload, str] | None:
    """Return the file that a code names and the name that it gives it; None where there is none.

    The code of an asset names the asset's file. Of equal files it is the oldest asset's.
    """
    if not code.isprintable():
        return None
    if asset := Asset.objects.filter(code=code).first():
        return asset, asset.filename
    named = _CODE.fullmatch(code)
    if named is None:
        return None
    # Hexadecimal digits end before "g".
    same = {"original_sha256__gte": named[1], "original_sha256__lt": f"{named[1]}g"}
    for model in (Asset, Upload):
        if medium := model.objects.filter(**same).order_by("id").first():
            return medium, named[2][:255]
    return None
