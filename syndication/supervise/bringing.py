"""Ingested files that children ask for: fetched by the worker, for children have no network."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pim import files

AT_ONCE = 8


class Bringing:
    """Has files lie in the cache; the child waits until its file does, or is said to be missing."""

    def __init__(self):
        self.pool: ThreadPoolExecutor | None = None
        self.on_the_way: list[Future] = []

    def want(self, job, sha256: str):
        """Begin to fetch a file for a job; returns at once."""
        self.pool = self.pool or ThreadPoolExecutor(AT_ONCE, thread_name_prefix="bring")
        self.on_the_way.append(self.pool.submit(bring_file, job.folder, sha256))

    def check(self):
        """Raise FilesUnreachable if the bucket failed: that is no fault of the item at hand."""
        ended = [future for future in self.on_the_way if future.done()]
        self.on_the_way = [future for future in self.on_the_way if future not in ended]
        for future in ended:
            future.result()


def bring_file(folder: Path, sha256: str):
    """Have a file lie in the cache, or say in the child's folder that it is missing."""
    try:
        files.assets().local(files.name_of(sha256))
    except (FileNotFoundError, ValueError):
        (folder / f"missing-{sha256[:64]}").touch()
