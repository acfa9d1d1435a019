"""Uploads and results of jobs in the bucket, with a path for readers that need one."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from storages.backends.s3 import S3Storage

from . import cache


class BucketMedia(S3Storage):
    """django-storages' S3, where `path` brings a copy: names are never given twice."""

    def path(self, name: str) -> str:
        """Return where a copy of the file lies on this machine."""
        place = Path(settings.MEDIA_ROOT) / name
        if not place.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
            raise ValueError(f"not a name of ours: {name!r}")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            with (
                self.open(name) as source,
                tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as copy,
            ):
                shutil.copyfileobj(source, copy)
            Path(copy.name).replace(place)
            cache.note(place.stat().st_size)
        return str(place)
