"""Painted still lifes that take the place of product photographs."""

import hashlib
import io
import json
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from syndication.rendering.images import FileAssets

COLOURS = [(168, 142, 112), (122, 138, 118), (146, 92, 70), (92, 110, 122), (188, 170, 140)]


def paint(folder: Path, *, count: int = 4, size: tuple[int, int] = (1200, 1200)) -> list[dict]:
    """Paint `count` pictures into the asset folder; return their asset bodies."""
    known = folder / f"painted-{count}-{size[0]}x{size[1]}.json"
    if known.exists():
        return json.loads(known.read_text())
    painted = [_painted(FileAssets(folder / "assets"), n, size) for n in range(count)]
    known.write_text(json.dumps(painted))
    return painted


def _painted(assets: FileAssets, n: int, size: tuple[int, int]) -> dict:
    out = io.BytesIO()
    _scene(n, size).save(out, "JPEG", quality=90)
    payload = out.getvalue()
    sha = hashlib.sha256(payload).hexdigest()
    path = assets.path(sha)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(payload)
    return {
        "sha256": sha,
        "filename": f"scene{n}.jpg",
        "kind": "image",
        "media_type": "image/jpeg",
        "size": len(payload),
        "width": size[0],
        "height": size[1],
    }


def _scene(n: int, size: tuple[int, int]) -> Image.Image:
    """A vessel on a table before a wall: enough light and shade to look like a photograph."""
    chance = random.Random(n)
    width, height = size
    wall, thing = chance.choice(COLOURS), chance.choice(COLOURS)
    picture = Image.new("RGB", size, tuple(min(255, c + 78) for c in wall))
    draw = ImageDraw.Draw(picture)
    floor = int(height * 0.72)
    draw.rectangle((0, floor, width, height), fill=tuple(min(255, c + 52) for c in wall))
    left, right = int(width * 0.3), int(width * (0.62 + 0.12 * chance.random()))
    top = int(height * (0.2 + 0.3 * chance.random()))
    shade = tuple(int(c * 0.55) for c in wall)
    draw.ellipse((left, floor + height // 12, right + width // 6, floor + height // 6), fill=shade)
    picture = picture.filter(ImageFilter.GaussianBlur(width // 60))
    draw = ImageDraw.Draw(picture)
    box = (left, top, right, floor + height // 9)
    draw.rounded_rectangle(box, radius=width // (4 + n % 9), fill=thing)
    noise = Image.effect_noise(size, 18).convert("RGB")
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(2)), noise, 0.06)
