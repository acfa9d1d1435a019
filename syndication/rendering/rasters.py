"""Pages of a finished PDF as small pictures, trimmed, by poppler, a run of pages at a time."""

import subprocess
from pathlib import Path

SECONDS = 60
MEMORY_KB = 1_500_000


class NotDrawn(Exception):
    """A page could not be drawn."""


def draw_pages(pdf: Path, *, first: int, last: int, width: int, folder: Path) -> dict[int, Path]:
    """Draw what is left of pages when they are trimmed; return {page: PNG in `folder`}.

    Raises NotDrawn.
    """
    media, trim = boxes_of(pdf, page=first)
    scale = width / (trim[2] - trim[0])
    at = [(trim[0] - media[0]) * scale, (media[3] - trim[3]) * scale]
    at += [width, (trim[3] - trim[1]) * scale]
    command = ["pdftoppm", "-png", "-r", f"{scale * 72:.3f}", "-f", str(first), "-l", str(last)]
    for name, number in zip("xyWH", at, strict=True):
        command += [f"-{name}", str(round(number))]
    limited = ["bash", "-c", f'ulimit -v {MEMORY_KB}; exec "$@"', "draw", *command]
    try:
        subprocess.run(
            [*limited, str(pdf), str(folder / "page")],
            check=True,
            timeout=SECONDS,
            capture_output=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise NotDrawn(str(error)) from error
    return {int(path.stem.rpartition("-")[2]): path for path in folder.glob("page-*.png")}


def boxes_of(pdf: Path, *, page: int) -> tuple[list[float], list[float]]:
    """Return the media box and the trim box of a page, in points; raises NotDrawn."""
    import pikepdf

    try:
        with pikepdf.open(pdf) as file:
            found = file.pages[page - 1]
            return [float(n) for n in found.mediabox], [float(n) for n in found.trimbox]
    except (pikepdf.PdfError, IndexError, ValueError, OSError) as error:
        raise NotDrawn(f"{pdf.name} has no page {page}") from error
