"""Render every drawing to a JPEG: `python -m pim.demo.drawing [name …]` (needs Chromium)."""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from .plates import plates

HERE = Path(__file__).resolve().parent.parent / "catalogue" / "images"
LIMIT = 120_000
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


def render(name: str, svg: str, *, size: tuple[int, int], folder: Path) -> Path:
    """Photograph `svg` with headless Chromium and keep it as a JPEG under 120 kB."""
    with tempfile.TemporaryDirectory() as scratch:
        page, shot = Path(scratch) / "page.html", Path(scratch) / "shot.png"
        page.write_text(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}", "utf-8")
        window = f"--window-size={size[0]},{size[1]}"
        command = ["chromium", *FLAGS, window, f"--screenshot={shot}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        picture = Image.open(shot).convert("RGB")
        target = folder / f"{name}.jpg"
        for quality in (86, 82, 78, 72, 64):
            picture.save(target, quality=quality, optimize=True, progressive=True)
            if target.stat().st_size <= LIMIT:
                return target
        picture.resize((1100, 1100), Image.LANCZOS).save(target, quality=70, optimize=True)
    return target


def main() -> None:
    """Render all plates, or those whose names are given."""
    wanted = sys.argv[1:]
    HERE.mkdir(parents=True, exist_ok=True)
    for name, draw in plates().items():
        if wanted and name not in wanted:
            continue
        canvas, view = draw()
        size = (canvas.width, canvas.height)
        target = render(name, canvas.svg(view), size=size, folder=HERE)
        print(f"{target.name} {target.stat().st_size // 1000} kB")


main()
