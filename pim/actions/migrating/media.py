"""Media of the other system: downloaded when something names it, once, through the usual intake."""

import hashlib
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import quote

from anyascii import anyascii

from pim.actions.assets import ingest_asset
from pim.content.refusals import Refused
from pim.importing.remote import V1, RemotePim, RemoteRefused
from pim.models import Asset
from pim.outbound import Answer
from pim.queries.drafts import chunks

MAX_BYTES = 200 * 1024**2
AT_ONCE = 4
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}")
STORED = re.compile(r"^[0-9a-f]{40}_")
DOCUMENTS = (".pdf",)


@dataclass(frozen=True)
class Medium:
    """A medium as a value names it: its code there, where its bytes are, or whose asset it is."""

    code: str
    href: str = ""
    family: str = ""

    @property
    def here(self) -> str:
        """Return the code that the asset has here: the same where it can be."""
        if PLAIN.fullmatch(self.code):
            return self.code
        stem = PurePosixPath(self.filename).stem
        plain = re.sub(r"[^A-Za-z0-9]+", "-", anyascii(stem)).strip("-")[:80] or "media"
        return f"{plain}-{hashlib.blake2b(self.code.encode(), digest_size=6).hexdigest()}"

    @property
    def filename(self) -> str:
        """Return the name of the file: stored ones begin with forty digits of a digest."""
        return STORED.sub("", PurePosixPath(self.code).name) or "media"


class RemoteMedia:
    """Knows the asset of each medium; with `store` False it downloads nothing (a dry run)."""

    def __init__(self, remote: RemotePim, *, store: bool, beat, **how):
        self._remote, self._store, self._beat, self._how = remote, store, beat, how
        self._found: dict[str, str | Refused] = {}

    def prepare(self, media: Iterable[Medium]) -> None:
        """Have the assets of all these media here."""
        new = {m.here: m for m in media if m.here not in self._found}
        for few in chunks(list(new), 300):
            held = Asset.objects.filter(code__in=few).values_list("code", flat=True)
            self._found.update({code: code for code in held})
        missing = [medium for code, medium in new.items() if code not in self._found]
        if self._store:
            self._download(missing)
            return
        for medium in missing:
            self._found[medium.here] = _stand_in(medium)

    def asset(self, medium: Medium) -> str:
        """Return the code of its asset; raises what kept it away."""
        found = self._found[medium.here]
        if isinstance(found, Refused):
            raise found
        return found

    def forget(self) -> None:
        """Let go of what is known: the database knows it."""
        self._found.clear()

    def _download(self, media: list[Medium]) -> None:
        if not media:
            return
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for few in chunks(media, AT_ONCE * 4):
                for medium, answer in zip(few, pool.map(self._fetched, few), strict=True):
                    self._found[medium.here] = self._ingested(medium, answer)
                    self._beat()

    def _fetched(self, medium: Medium) -> Answer | Refused:
        try:
            return self._remote.download(self._path(medium), max_bytes=MAX_BYTES)
        except Refused as refusal:
            return refusal

    def _path(self, medium: Medium) -> str:
        if medium.href:
            return self._remote.path_of(medium.href)
        if medium.family:
            try:
                return self._path_of_asset(medium)
            except RemoteRefused:
                pass  # Not an asset of that family: a file of that name then.
        return f"{V1}/media-files/{quote(medium.code)}/download"

    def _path_of_asset(self, medium: Medium) -> str:
        place = f"{quote(medium.family)}/assets/{quote(medium.code, safe='')}"
        document = self._remote.document(f"{V1}/asset-families/{place}")
        for entries in (document.get("values") or {}).values():
            for entry in entries:
                href = ((entry.get("_links") or {}).get("download") or {}).get("href")
                if href:
                    return self._remote.path_of(href)
        return f"{V1}/media-files/{quote(medium.code)}/download"

    def _ingested(self, medium: Medium, answer: Answer | Refused) -> str | Refused:
        if isinstance(answer, Refused):
            return answer
        name = _name(answer) or medium.filename
        try:
            with answer.body as stream:
                return ingest_asset(stream, filename=name, code=medium.here, **self._how).code
        except Refused as refusal:
            return refusal


def _name(answer: Answer) -> str:
    """Return the file name that an answer gives its bytes, "" where it gives none."""
    message = Message()
    message["Content-Disposition"] = answer.headers.get("content-disposition", "")
    return PurePosixPath(STORED.sub("", message.get_filename() or "")).name[:255]


def _stand_in(medium: Medium) -> str:
    """Return what a dry run takes for the asset: its transaction is taken back."""
    kind = "document" if medium.filename.lower().endswith(DOCUMENTS) else "image"
    defaults = {"filename": medium.filename[:255], "kind": kind, "size": 0}
    Asset.objects.get_or_create(code=medium.here, defaults=defaults)
    return medium.here
