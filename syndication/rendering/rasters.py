"""Pages of a finished PDF as small pictures, trimmed, by poppler, a run of pages at a time.

It runs in a child, whose limits of memory and time hold for poppler too.
"""

import subprocess
from pathlib import Path


def draw_pages(
    pdf: Path, *, first: int, last: int, width: int, folder: Path
) -> dict[int, tuple[str, float, float]]:
    """Draw what is left of pages when they are trimmed, `width` pixels wide.

    Returns {page: (name of its PNG in `folder`, width, height)}, in points as the first page
    measures; raises IndexError where that one is not there, `CalledProcessError`.
    """
    media, trim = _boxes(pdf, page=first)
    wide, high = trim[2] - trim[0], trim[3] - trim[1]
    scale = width / wide
    at = [(trim[0] - media[0]) * scale, (media[3] - trim[3]) * scale, width, high * scale]
    command = ["pdftoppm", "-png", "-r", f"{scale * 72:.3f}", "-f", str(first), "-l", str(last)]
    for name, number in zip("xyWH", at, strict=True):
        command += [f"-{name}", str(round(number))]
    subprocess.run([*command, str(pdf), str(folder / "page")], check=True, capture_output=True)
    found = {int(path.stem.rpartition("-")[2]): path.name for path in folder.glob("page-*.png")}
    return {page: (name, wide, high) for page, name in sorted(found.items())}


def _boxes(pdf: Path, *, page: int) -> tuple[list[float], list[float]]:
    """Return the media box and the trim box of a page, in points."""
    import pikepdf

    with pikepdf.open(pdf) as file:
        found = file.pages[page - 1]
        return [float(n) for n in found.mediabox], [float(n) for n in found.trimbox]
