"""Turns a pack into one that is painted with ink alone, and looks at what it finds on the way."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf

from ..print.parts import Pack
from ..print.taking_apart import take_forms
from ..print.writer import PdfWriter
from .content import IDENTITY, Matrix, Rewriting, sides, times
from .inks import Inks
from .pictures import turn
from .spaces import Spaces, is_light

RECIPE = "4"  # raise it when the same pack comes to other bytes


@dataclass(frozen=True)
class Limits:
    """What a printer can take: ink on one place in per cent, pixels an inch of pictures."""

    ink: int = 300
    dpi: int = 225
    refused: int = 0  # pixels an inch that a picture must have to be printed at all


def converted(payload: bytes, *, inks: Inks, limits: Limits, remember: Callable) -> Pack:
    """Return the pack in `payload` with its colours and pictures in CMYK, and its findings.

    Each pack and each picture is worked on once; the next edition finds it remembered.
    """
    key = f"press|{RECIPE}|{inks.told}|{limits}|{hashlib.sha256(payload).hexdigest()}"
    return Pack.from_bytes(remember(key, lambda: _made(payload, inks, limits, remember)))


def _made(payload: bytes, inks: Inks, limits: Limits, remember: Callable) -> bytes:
    pack = Pack.from_bytes(payload)
    with pikepdf.open(io.BytesIO(_file(pack))) as pdf:
        work = _Conversion(inks, limits, remember)
        forms = list(pdf.Root.Forms)
        for form in forms:
            work.form(form, IDENTITY, ())
        made = take_forms(pdf, forms)
    made.notes, made.counts, made.trees = pack.notes, pack.counts, pack.trees
    made.findings = pack.findings + work.findings
    return made.to_bytes()


def _file(pack: Pack) -> bytes:
    """Return a PDF without pages that holds the forms of a pack."""
    out = io.BytesIO()
    file = PdfWriter(out)
    forms = b" ".join(b"%d 0 R" % number for number in file.place(pack))
    tree = file.add(b"<</Type/Pages/Count 0/Kids[]>>")
    root = file.add(b"<</Type/Catalog/Pages %d 0 R/Forms[%b]>>" % (tree, forms))
    file.close(root=root, info=file.add(b"<<>>"))
    return out.getvalue()


class _Conversion:
    def __init__(self, inks: Inks, limits: Limits, remember: Callable):
        self.inks, self.limits, self.remember = inks, limits, remember
        self.done: set[tuple[int, int]] = set()
        self.findings: list[dict] = []

    def form(self, form, matrix: Matrix, within: tuple[str, ...]) -> None:
        """Rewrite a form (or a pattern, or a glyph that is drawn) and all that it uses, once."""
        if form.objgen in self.done:
            return
        self.done.add(form.objgen)
        self._group(form)
        resources = form.get("/Resources")
        if resources is None:
            resources = form["/Resources"] = pikepdf.Dictionary()
        known = dict(resources.get("/XObject", {}).items())
        spaces = Spaces(resources, self.inks)

        def placed(name: str, at: Matrix) -> None:
            found = known.get(name)
            if found is not None:
                self._placed(found, at, (*within, name.lstrip("/")))

        before = len(self.inks.used)
        text = Rewriting(self.inks, spaces, placed).run(form, self._own(form, matrix))
        form.write(text)
        self._weigh(before, within)
        spaces.shadings()
        self._others(resources, matrix, within)

    def _own(self, form, matrix: Matrix) -> Matrix:
        own = form.get("/Matrix")
        return times(tuple(float(n) for n in own), matrix) if own is not None else matrix

    def _group(self, form) -> None:
        group = form.get("/Group")
        if group is not None and is_light(group.get("/CS")):
            group["/CS"] = pikepdf.Name.DeviceCMYK

    def _placed(self, found, at: Matrix, within: tuple[str, ...]) -> None:
        if str(found.get("/Subtype")) == "/Form":
            self.form(found, at, within)
        elif str(found.get("/Subtype")) == "/Image":
            self._picture(found, at, within)

    def _picture(self, image, at: Matrix, within: tuple[str, ...]) -> None:
        width, height = sides(at)
        across, down = float(image["/Width"]), float(image["/Height"])
        if "/ImageMask" not in image and min(width, height) > 1:
            dpi = round(min(across / width, down / height) * 72)
            if dpi < max(self.limits.dpi, self.limits.refused):
                bad = "picture_very_coarse" if dpi * 3 < self.limits.dpi * 2 else "picture_coarse"
                told = {"code": bad, "dpi": dpi, "least": self.limits.dpi}
                self.findings.append({**told, "within": within})
        if image.objgen in self.done:
            return
        self.done.add(image.objgen)
        profile, limit = self.inks.profile, self.limits.ink
        ink = turn(image, profile=profile, limit=limit, remember=self.remember)
        self._heavy(ink, within)

    def _weigh(self, before: int, within: tuple[str, ...]) -> None:
        new = list(self.inks.used.values())[before:]
        self._heavy(max((round(sum(inks) * 100) for inks in new), default=0), within)

    def _heavy(self, ink: int, within: tuple[str, ...]) -> None:
        if ink > self.limits.ink:
            told = {"code": "ink_heavy", "ink": ink, "limit": self.limits.ink}
            self.findings.append({**told, "within": within})

    def _others(self, resources, matrix: Matrix, within: tuple[str, ...]) -> None:
        """Rewrite what is not placed by name: tiles, masks of transparency, drawn glyphs."""
        for pattern in resources.get("/Pattern", {}).values():
            if int(pattern.get("/PatternType", 2)) == 1:
                self.form(pattern, matrix, within)
        for state in resources.get("/ExtGState", {}).values():
            mask = state.get("/SMask")
            if isinstance(mask, pikepdf.Dictionary):
                self.form(mask["/G"], matrix, within)
        for font in resources.get("/Font", {}).values():
            for glyph in font.get("/CharProcs", {}).values():
                glyph["/Resources"] = font.get("/Resources", pikepdf.Dictionary())
                self.form(glyph, matrix, within)
