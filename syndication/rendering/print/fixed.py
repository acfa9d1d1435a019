"""Ready-made PDF pages fitted to the sheet; whatever a printer could not use is refused.

A supplied document is a stranger's: it is opened in the child that binds, never in the web
process, and what could run, open, hide or swell up in it is refused with its cause.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import RenderContext

from ..images import PictureError
from .fixed_check import FixedRefused, check
from .parts import Pack, Part
from .sheet import MM, PAGE
from .taking_apart import take_forms

RECIPE = "2"  # raise it when the same document makes other bytes
TOLERANCE = 1 * MM
OVER = 10 * MM  # what may show around the trim where the page has a bleed
SCALES = (0.25, 2.0)
LARGEST = 100 << 20  # bytes of a file
__all__ = ["FixedRefused", "fixed_pages"]


def fixed_pages(asset: dict, context: RenderContext, *, fit: str) -> bytes:
    """Return a pack with a form for each page of a PDF, as large as the trimmed page.

    `fit` is "exact" (the page has that size), "scale" (fills it) or "crop" (its middle at full
    size). Raise FixedRefused where the document cannot be printed.
    """
    path = _path(asset, context)
    key = f"fixed|{RECIPE}|{asset['sha256']}|{fit}|{PAGE[0]:.3f}|{PAGE[1]:.3f}"
    return context.remember(key, lambda: _opened(path, lambda pdf: _pack(pdf, PAGE, fit)))


def fixed_sizes(asset: dict, context: RenderContext) -> list[tuple[float, float]]:
    """Return the sizes of the trimmed pages of a PDF in points, or raise FixedRefused."""
    path = _path(asset, context)
    key = f"fixed-sizes|{RECIPE}|{asset['sha256']}"
    return json.loads(context.remember(key, lambda: _opened(path, _sizes)))


def fixed_part(
    asset: dict, context: RenderContext, *, page: int, fit: str, area: tuple[float, float]
) -> bytes:
    """Return a pack with one page of a PDF as a form of that size; nothing shows outside of it."""
    path = _path(asset, context)
    key = f"fixed-part|{RECIPE}|{asset['sha256']}|{page}|{fit}|{area[0]:.3f}|{area[1]:.3f}"
    return context.remember(
        key, lambda: _opened(path, lambda pdf: _pack(pdf, area, fit, only=page, over=0))
    )


def _sizes(pdf) -> bytes:
    shapes = [_turned(page, page.as_form_xobject()) for page in pdf.pages]
    return json.dumps([shape[2:] for shape in shapes]).encode()


def _path(asset: dict, context: RenderContext) -> Path:
    if not asset.get("sha256"):
        raise FixedRefused(_("There is no such asset."))
    if asset.get("media_type") != "application/pdf":
        raise FixedRefused(_("It is no PDF."))
    try:
        path = context.assets.path(asset["sha256"])
        size = path.stat().st_size
    except (PictureError, OSError) as error:
        raise FixedRefused(_("Its file is not there.")) from error
    if size > LARGEST:
        raise FixedRefused(_("It is larger than 100 MB."))
    return path


def _opened(path: Path, make: Callable[[Any], bytes]) -> bytes:
    """Return what is made of a document that was checked."""
    import pikepdf

    try:
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            check(pdf, pikepdf)
            return make(pdf)
    except pikepdf.PasswordError as error:
        raise FixedRefused(_("It is protected by a password: save it without.")) from error
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError) as error:
        message = _("It is damaged: save it anew as PDF. (%(why)s)")
        raise FixedRefused(message, why=str(error)[:200]) from error


def _pack(
    pdf, area: tuple[float, float], fit: str, *, only: int | None = None, over: float = OVER
) -> bytes:
    pages = list(pdf.pages) if only is None else [pdf.pages[only]]
    forms = [page.as_form_xobject() for page in pages]
    shapes = [_turned(*pair) for pair in zip(pages, forms, strict=True)]
    for page, form in zip(pages, forms, strict=True):
        form.BBox = page.bleedbox  # what bleeds belongs to the form
    pack = take_forms(pdf, forms)
    places = [_placed(shape, area, fit=fit, page=n) for n, shape in enumerate(shapes, 1)]
    forms = [
        pack.add(_wrapped(form, place, area, over=over))
        for form, place in zip(pack.forms, places, strict=True)
    ]
    return Pack(pack.parts, forms, [[] for _ in forms]).to_bytes()


def _turned(page, shown) -> tuple[float, float, float, float]:
    """Return the trim of a page as its form shows it: turned, and in units of a point."""
    turn, unit = int(page.obj.get("/Rotate", 0)) % 360, float(page.obj.get("/UserUnit", 1))
    trim, matrix = [float(n) for n in page.trimbox], shown.get("/Matrix", [1, 0, 0, 1, 0, 0])
    a, b, c, d, e, f = (float(n) for n in matrix)
    if turn % 90 or not 0 < unit <= 1000:
        raise ValueError("strange page")
    xs = [a * x + c * y + e for x in trim[::2] for y in trim[1::2]]
    ys = [b * x + d * y + f for x in trim[::2] for y in trim[1::2]]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _placed(shape, area, *, fit: str, page: int) -> tuple[float, float, float]:
    """Return the factor and the shift that lay the trim of a page upon the area."""
    x, y, width, height = shape
    if width < 1 or height < 1:
        raise FixedRefused(_("Page %(page)d is empty."), page=page)
    factors = (area[0] / width, area[1] / height)
    scale = max(factors) if fit == "scale" else 1.0
    _check_size((width, height), area, fit=fit, page=page)
    if not SCALES[0] <= scale <= SCALES[1]:
        message = _("Page %(page)d would have to be scaled to %(percent)d %%.")
        raise FixedRefused(message, page=page, percent=round(scale * 100))
    across, up = (area[0] - width * scale) / 2, (area[1] - height * scale) / 2
    return scale, across - x * scale, up - y * scale


def _check_size(size, area, *, fit: str, page: int) -> None:
    off = [have - want for have, want in zip(size, area, strict=True)]
    wrong = fit == "exact" and max(map(abs, off)) > TOLERANCE
    small = fit == "crop" and min(off) < -TOLERANCE
    if not (wrong or small):
        return
    told = {"page": page, "size": _in_mm(size), "wanted": _in_mm(area)}
    if wrong:
        message = _("Page %(page)d is %(size)s after trimming, not %(wanted)s: scale or crop it.")
        raise FixedRefused(message, **told)
    message = _("Page %(page)d is %(size)s, smaller than %(wanted)s: it cannot be cropped.")
    raise FixedRefused(message, **told)


def _in_mm(size) -> str:
    return " × ".join(f"{n / MM:.0f}" for n in size) + " mm"


def _wrapped(
    form: int, place: tuple[float, float, float], area: tuple[float, float], *, over: float
) -> Part:
    """Return a form of the area's size that shows a page's form in its place."""
    scale, x, y = place
    box = (-over, -over, area[0] + over, area[1] + over)
    about = b"<</Type/XObject/Subtype/Form/BBox[%.3f %.3f %.3f %.3f]" % box
    about += b"/Resources<</XObject<</D %d 0 R>>>>"
    return Part(about, (form,), b"q %.6f 0 0 %.6f %.3f %.3f cm /D Do Q" % (scale, scale, x, y))
