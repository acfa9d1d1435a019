"""Putting a finished export into a folder, whole or not at all."""

import os
import shutil
from pathlib import Path

from django.conf import settings

from pim.content.refusals import InvalidValue, _


def export_folder(name: str) -> Path:
    """Return the folder of that name below EXPORT_ROOT; raise where it would lead outside."""
    root = Path(settings.EXPORT_ROOT).resolve()
    path = (root / name).resolve() if "\x00" not in name else root.parent
    if not path.is_relative_to(root) or path == root:
        raise InvalidValue(
            _("The folder is a name below the folder of exports, without “..”."),
            code="bad_folder",
            field="folder",
        )
    return path


def deliver(file: Path, folder: str, *, name: str) -> Path:
    """Put a copy of the file into the folder under a name; readers never see half of it."""
    target = export_folder(folder)
    target.mkdir(parents=True, exist_ok=True)
    half = target / f".{name}.{os.getpid()}"
    try:
        shutil.copyfile(file, half)
        os.replace(half, target / name)
    finally:
        half.unlink(missing_ok=True)
    return target / name
