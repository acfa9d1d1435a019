"""Where assembly writes its files: names checked, all inside one folder."""

import re
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


class ScratchSink:
    """A `FileSink` over a folder; remembers which files were opened and as what."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.files: dict[str, str] = {}

    def open(self, name: str, *, media_type: str):
        """Open `name` for binary writing (and reading back); ValueError for a strange name."""
        if not NAME.fullmatch(name) or len(name) > 200:
            raise ValueError(f"not a name for an artefact: {name!r}")
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files[name] = media_type
        return path.open("w+b", buffering=1 << 18)

    def path(self, name: str) -> Path:
        return self.folder / name
