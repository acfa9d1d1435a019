"""What a child draws of finished files: their pages as small pictures, marks on what changed."""

import json
import os
import signal
import subprocess
from pathlib import Path

from syndication.rendering.marking import Mark, mark_pages
from syndication.rendering.rasters import draw_pages


def pages(spec: dict) -> None:
    """Draw a run of pages as `page-N.png`; write {page: [file, width, height]} in points."""
    folder, run = Path(spec["folder"]), spec["run"]
    try:
        drawn = draw_pages(Path(spec["source"]), folder=folder, **run)
    except subprocess.CalledProcessError as error:
        raise _named(error) from error
    Path(spec["output"]).write_text(json.dumps(drawn))


def marked(spec: dict) -> None:
    """Write a copy of a file with marks on its pages."""
    rows = json.loads(Path(spec["marks"]).read_bytes())
    marks = (Mark(page, tuple(box), *texts) for page, box, *texts in rows)
    mark_pages(Path(spec["source"]), Path(spec["output"]), marks=marks)


def _named(error: subprocess.CalledProcessError) -> Exception:
    """Return the failure of a program under the limits of this child as if it were its own."""
    if error.returncode == -signal.SIGXCPU:
        os.kill(os.getpid(), signal.SIGXCPU)
    said = (error.stderr or b"").lower()
    if error.returncode == -signal.SIGABRT or b"memory" in said or b"bad_alloc" in said:
        return MemoryError()
    return ValueError(said.decode(errors="replace")[-300:])
