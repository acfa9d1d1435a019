"""Media that a file names by their web address: fetched once, known by it ever after."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from anyascii import anyascii

from pim.actions.assets import ingest_asset
from pim.content.actor import Actor
from pim.content.refusals import Refused, _
from pim.models import Asset
from pim.outbound import Answer, check_address, fetch
from pim.queries.drafts import chunks
from pim.queries.media_rights import is_hidden, visible_media

MAX_BYTES = 100 * 1024 * 1024
SECONDS = 60.0
AT_ONCE = 6
KEPT = 20_000  # of each sort that an import keeps in mind; the database knows the rest
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
DOCUMENTS = (".pdf",)


class Taken(NamedTuple):
    """What an import keeps in mind of an asset: `kind` is image, document, …"""

    code: str
    kind: str
    filename: str

    @classmethod
    def of(cls, asset: Asset) -> "Taken":
        return cls(asset.code, asset.kind, asset.filename)


class NotFetched(Refused):
    """Media at addresses are not wanted in this import."""

    code = "not_fetched"
    sentence = _("“%(url)s” was not fetched: this import fetches no addresses.")


def is_address(cell: str) -> bool:
    """Return whether a media cell is a web address."""
    return bool(ADDRESS.match(cell))


def address_code(url: str) -> str:
    """Return the code of the asset of an address: its file name and a digest of the address."""
    name = PurePosixPath(unquote(urlsplit(url).path)).stem
    plain = re.sub(r"[^A-Za-z0-9]+", "-", anyascii(name)).strip("-")[:80] or "media"
    return f"{plain}-{hashlib.blake2b(url.encode(), digest_size=6).hexdigest()}"


class AddressIntake:
    """Fetches each address once, a few at a time; `beat` is called while it goes on."""

    def __init__(
        self, *, wanted: bool, store: bool, beat: Callable[[], None], actor: Actor, at: datetime
    ):
        self._wanted, self._store, self._beat = wanted, store, beat
        self._how = {"actor": actor, "at": at}
        self._found: dict[str, Taken | Refused] = {}

    def prepare(self, urls: Iterable[str]) -> None:
        """Have the assets of all these addresses ready."""
        if len(self._found) > KEPT:
            self._found.clear()
        new = list(dict.fromkeys(url for url in urls if url not in self._found))
        for few in chunks(new, 300):
            codes = {address_code(url): url for url in few}
            rows = Asset.objects.filter(code__in=codes)
            for asset in visible_media(rows, self._how["actor"].rights):
                self._found[codes[asset.code]] = Taken.of(asset)
        missing = [url for url in new if url not in self._found]
        if not self._wanted:
            self._found.update({url: NotFetched(url=url[:200]) for url in missing})
        elif not self._store:
            self._found.update({url: self._stand_in(url) for url in missing})
        else:
            self._fetch(missing)

    def asset(self, url: str) -> Taken:
        """Return the asset of an address; raises what kept it away."""
        if url not in self._found:
            self.prepare([url])
        found = self._found[url]
        if isinstance(found, Refused):
            raise found
        return found

    def _fetch(self, urls: list[str]) -> None:
        if not urls:
            return
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for few in chunks(urls, AT_ONCE * 4):
                for url, answer in zip(few, pool.map(_fetched, few), strict=True):
                    self._found[url] = self._ingested(url, answer)
                    self._beat()

    def _ingested(self, url: str, answer: Answer | Refused) -> Taken | Refused:
        if isinstance(answer, Refused):
            return answer
        name = PurePosixPath(unquote(urlsplit(url).path)).name or "media"
        try:
            with answer.body as stream:
                how = {"filename": name, "code": self._code(url), **self._how}
                return Taken.of(ingest_asset(stream, **how))
        except Refused as refusal:
            return refusal

    def _code(self, url: str) -> str | None:
        """Return the code of a new asset; where a hidden one has it, it is called by its file."""
        code = address_code(url)
        return None if is_hidden(code, self._how["actor"].rights) else code

    def _stand_in(self, url: str) -> Taken:
        """Return what a dry run takes for the asset: its transaction is taken back."""
        path = urlsplit(url).path
        kind = "document" if path.lower().endswith(DOCUMENTS) else "image"
        name = PurePosixPath(unquote(path)).name[:255] or "media"
        asset, _made = Asset.objects.get_or_create(
            code=self._code(url) or f"{address_code(url)}-1",
            defaults={"filename": name, "kind": kind, "size": 0},
        )
        return Taken.of(asset)


def _fetched(url: str) -> Answer | Refused:
    url = _secure(url)
    try:
        answer = fetch(url, max_bytes=MAX_BYTES, seconds=SECONDS)
    except Refused as refusal:
        return refusal
    if answer.status == 200:
        return answer
    answer.body.close()
    return Refused(
        _("“%(url)s” could not be fetched: it answers %(status)s."),
        code="fetch_failed",
        url=url[:200],
        status=answer.status,
    )


def _secure(url: str) -> str:
    """Return the https form of an http address that may not be asked as it stands.

    Old catalogues say http where the same file has long been served by https.
    """
    if url[:5].lower() != "http:":
        return url
    try:
        check_address(url)
    except Refused:
        return f"https:{url[5:]}"
    return url


def addresses(cells: Iterable[str]) -> Iterator[str]:
    """Yield the web addresses in media cells."""
    for cell in cells:
        if "://" in cell:
            yield from (piece.strip() for piece in cell.split(",") if is_address(piece.strip()))
