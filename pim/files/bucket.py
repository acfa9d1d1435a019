"""A shelf in an S3-compatible bucket, with a bounded cache of copies on this machine before it.

A PUT is atomic in S3: an object is there whole or not at all, and the same digest written by two
hosts is the same object. Copies are checked against their name before they get it.
"""

import os
import posixpath
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import storages

from . import cache
from .folder import FolderShelf, Stored, digest_of, sync_file
from .names import DIGEST, FilesUnreachable

SMALL = 8 << 20  # what is served more than once is better served from a copy
FRESH = 12 * 3600.0  # half the time after which a collection may take what nothing names
PER_CALL = 1000
ABSENT = ("404", "NoSuchKey", "NotFound")


class BucketShelf(FolderShelf):
    """Files under `area` of the bucket; `root` is the folder of their copies here."""

    def __init__(self, root: Path, *, area: str):
        super().__init__(root)
        self.client, self.bucket, prefix = _connected(os.getpid(), repr(settings.STORAGES["files"]))
        self.prefix = posixpath.join(prefix, area) + "/"

    def look(self, name: str) -> Stored | None:
        try:
            with _told(name):
                head = self.client.head_object(**self._key(name))
        except FileNotFoundError:
            return None
        return Stored(name, head["ContentLength"], head["LastModified"].timestamp())

    def glance(self, name: str) -> Stored | None:
        return FolderShelf.look(self, name) or self.look(name)

    def local(self, name: str) -> Path:
        place = self.place(name)
        try:
            os.utime(place)  # the cache drops first what was used longest ago
        except (FileNotFoundError, NotADirectoryError):
            self._bring(name, place)
        return place

    def open(self, name: str, *, first: int = 0, last: int | None = None) -> IO[bytes]:
        there = FolderShelf.look(self, name) or self._must(name)
        if self.place(name).exists() or there.size <= SMALL:
            return super().open(name, first=first)
        asked = self._key(name)
        if first or last is not None:
            asked["Range"] = f"bytes={first}-{'' if last is None else last}"
        with _told(name):
            return self.client.get_object(**asked)["Body"]

    def put(self, path: Path, name: str) -> Path:
        self._upload(path, name)
        if self.place(name).exists():
            path.unlink()
            return self.place(name)
        placed = self._move(path, self.place(name))
        cache.note(placed.stat().st_size)
        return placed

    def share(self, name: str) -> None:
        self._upload(self.place(name), name)

    def write(self, name: str, chunks: Iterable[bytes], *, mode: int = 0o640) -> None:
        with tempfile.TemporaryFile() as whole:
            whole.writelines(chunks)
            whole.seek(0)
            with _told(name):
                self.client.upload_fileobj(whole, self.bucket, self.prefix + name)

    def read(self, name: str) -> bytes:
        with _told(name):
            return self.client.get_object(**self._key(name))["Body"].read()

    def listed(self, prefix: str = "") -> Iterator[Stored]:
        pages = self.client.get_paginator("list_objects_v2")
        with _told(prefix):
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix):
                for row in page.get("Contents", ()):
                    name = row["Key"].removeprefix(self.prefix)
                    yield Stored(name, row["Size"], row["LastModified"].timestamp())

    def remove(self, names: Iterable[str]) -> None:
        names = list(names)
        super().remove(names)
        for start in range(0, len(names), PER_CALL):
            keys = [{"Key": self.prefix + name} for name in names[start : start + PER_CALL]]
            with _told(names[start]):
                gone = {"Objects": keys, "Quiet": True}
                answer = self.client.delete_objects(Bucket=self.bucket, Delete=gone)
            if errors := answer.get("Errors"):
                raise FilesUnreachable(f"{errors[0].get('Key')}: {errors[0].get('Message')}")

    def digest(self, name: str) -> str:
        with _told(name):
            return digest_of(self.client.get_object(**self._key(name))["Body"])

    def link(self, name: str, *, headers: dict[str, str]) -> str:
        if not settings.FILES_REDIRECT_SECONDS:
            return ""
        asked = {f"Response{key.replace('-', '')}": value for key, value in headers.items()}
        return self.client.generate_presigned_url(
            "get_object",
            Params={**self._key(name), **asked},
            ExpiresIn=settings.FILES_REDIRECT_SECONDS,
        )

    def fault(self) -> str:
        try:
            with _told(self.bucket):
                self.client.head_bucket(Bucket=self.bucket)
        except OSError as error:
            return str(error)
        return ""

    def _must(self, name: str) -> Stored:
        there = self.look(name)
        if there is None:
            raise FileNotFoundError(f"{name} is not in the store")
        return there

    def _key(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + name}

    def _upload(self, path: Path, name: str) -> None:
        """Have the file in the bucket, and new enough for no collection to take it."""
        size, there = path.stat().st_size, self.look(name)
        if there and there.size == size and time.time() - there.modified < FRESH:
            return
        with _told(name):
            self.client.upload_file(str(path), self.bucket, self.prefix + name)
        there = self.look(name)
        if there is None or there.size != size:
            raise FilesUnreachable(f"{name} did not arrive in the bucket as it was sent")

    def _bring(self, name: str, place: Path) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=place.parent, prefix=".incoming-")
        os.close(handle)
        copy = Path(made)
        try:
            with _told(name):
                self.client.download_file(self.bucket, self.prefix + name, made)
            _check(copy, place.name)
            sync_file(copy)
            copy.chmod(0o640)
            copy.replace(place)
        finally:
            copy.unlink(missing_ok=True)
        cache.note(place.stat().st_size)


def _check(copy: Path, name: str) -> None:
    if DIGEST.fullmatch(name):
        with copy.open("rb") as stream:
            if digest_of(stream) != name:
                raise FilesUnreachable(f"{name} has other bytes in the bucket than its name")


@contextmanager
def _told(name: str):
    """Turn what the client raises into FileNotFoundError or FilesUnreachable."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ABSENT:
            raise FileNotFoundError(f"{name} is not in the store") from error
        raise FilesUnreachable(f"{name}: {error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise FilesUnreachable(f"{name}: {error}") from error


@lru_cache(maxsize=4)
def _connected(pid: int, configured: str) -> tuple:
    """Return (client, bucket, prefix); a client is shared by threads, never by processes."""
    storage = storages.create_storage(settings.STORAGES["files"])
    return storage.connection.meta.client, storage.bucket_name, storage.location
