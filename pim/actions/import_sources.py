"""Where the files of import profiles come from: uploads, allowed folders, addresses on the web."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files import File
from django.utils.timezone import now

from pim.actions.import_options import ImportOptions
from pim.actions.jobs import Progress, Skipped
from pim.content.refusals import NotFound, Refused, _
from pim.importing.mapping import fits, header_digest
from pim.importing.tables import Table
from pim.models import ImportProfile, Job
from pim.outbound import OutboundFailed, fetch

MAX_BYTES = 4 * 1024**3
SECONDS = 1800.0
ENDINGS = (
    ".zip", ".csv", ".csv.gz", ".tsv", ".txt", ".xlsx", ".ods", ".jsonl", ".ndjson", ".jsonl.gz",
    ".ndjson.gz", ".xml", ".xml.gz",
)  # fmt: skip
TYPES = {
    "text/csv": ".csv", "application/json": ".jsonl", "application/x-ndjson": ".ndjson",
    "application/xml": ".xml", "text/xml": ".xml", "application/zip": ".zip",
    "text/tab-separated-values": ".tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip


class ForbiddenFolder(Refused):
    """The folder is not below one that the operator has opened for imports."""

    code = "folder_forbidden"
    sentence = _("“%(place)s” is not below a folder that imports may read (PIM_IMPORT_ROOTS).")


def allowed_folder(place: str) -> Path:
    """Return the file or folder of a profile; raises ForbiddenFolder or NotFound."""
    roots = settings.IMPORT_ROOTS
    asked = Path(place) if Path(place).is_absolute() else (roots[0] / place if roots else None)
    path = asked.resolve() if asked and "\0" not in place else None
    if path is None or not any(path == root or root in path.parents for root in roots):
        raise ForbiddenFolder(place=place[:200])
    if not path.exists():
        raise NotFound(what="file or folder", name=str(path))
    return path


def folder_stamp(path: Path) -> str:
    """Return what changes when the file, or anything in the folder, does."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    sha = hashlib.blake2b(digest_size=16)
    for file in files:
        stat = file.stat()
        sha.update(f"{file.name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return sha.hexdigest()


def bring_file(progress: Progress) -> None:
    """Have the file of an import's job at hand before it begins: fetch that of an address.

    A scheduled run of what has not changed since the last is skipped: nothing is left of it.
    """
    job, url = progress.job, progress.params.get("url")
    if job.upload or not url:
        return
    profile = ImportProfile.objects.filter(pk=progress.params.get("profile") or 0).first()
    wanted = progress.params.get("only_changed") and profile is not None
    known = profile.stamp if wanted else ""
    etag, _bar, digest = known.partition("|")
    answer = fetch(
        url,
        headers={"if-none-match": etag} if etag else {},
        max_bytes=MAX_BYTES,
        seconds=SECONDS,
        beat=progress.beat,
    )
    if answer.status == 304 and wanted:
        raise Skipped
    if answer.status != 200:
        raise OutboundFailed(url=url[:200], why=f"it answers {answer.status}")
    fresh = _digest(answer.body)
    if digest and fresh == digest:
        raise Skipped
    job.upload.save(name_of(answer.url, answer.headers.get("content-type", "")), File(answer.body))
    # The stamp becomes the profile's when the import is done: what failed is tried again.
    job.params["stamp"] = f"{answer.headers.get('etag', '')[:200]}|{fresh}"
    Job.objects.filter(pk=job.pk).update(params=job.params)


def keep_stamp(job: Job) -> None:
    """Note what was imported, so that the schedule passes over it until it changes."""
    profile, stamp = job.params.get("profile"), job.params.get("stamp")
    if profile and stamp and not job.dry_run:
        ImportProfile.objects.filter(pk=profile).update(stamp=stamp, checked_at=now())


def mapping_of(options: ImportOptions) -> Callable[[Table], dict | None]:
    """Return what gives the mapping of a table: the profile's, or that for the same header."""
    profile = ImportProfile.objects.filter(pk=options.profile).first() if options.profile else None
    if options.profile and profile is None:
        raise NotFound(what="import profile", name=str(options.profile))

    def find(table: Table) -> dict | None:
        if profile is not None:
            mapping = profile.mapping
            return mapping if mapping and fits(table.header, mapping) else None
        if not options.match:
            return None
        same = ImportProfile.objects.filter(
            header_digest=header_digest(table.header), enabled=True
        ).order_by("id")
        return next((p.mapping for p in same if p.mapping), None)

    return find


def _digest(stream) -> str:
    sha = hashlib.blake2b(digest_size=16)
    stream.seek(0)
    while chunk := stream.read(1 << 20):
        sha.update(chunk)
    stream.seek(0)
    return sha.hexdigest()


def name_of(url: str, media_type: str) -> str:
    """Return a file name for what an address gave, with an ending that says what it is."""
    name = Path(unquote(urlsplit(url).path)).name or "download"
    if name.lower().endswith(ENDINGS):
        return name
    return name + TYPES.get(media_type.split(";")[0].strip().lower(), ".csv")
