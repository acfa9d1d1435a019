"""Takes set pages apart: each page of a PDF becomes a form, its objects become parts."""

import io
import zlib
from collections.abc import Sequence
from itertools import zip_longest

from ..press.structure import linked, muted, numbers_of, shifted, trees_of, voiced
from .parts import Pack, Part, opened

LEVEL = 6


def take_apart(
    payload: bytes,
    *,
    without: tuple[str, ...] = (),
    page: int | None = None,
    voices: Sequence[str] | str = (),
) -> Pack:
    """Return the pages of a PDF, or one of them counted from 0, as a pack.

    Resources named in `without` are left behind. `voices` say of each page of a tagged PDF how
    it is read: "" as it was set, "artifact" not at all, "H2" as a heading of its first words,
    "goes_on" as a table that began on the page before. One text says it of all pages.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(payload)) as pdf:
        pages = pdf.pages if page is None else [pdf.pages[page]]
        voices = [voices] * len(pages) if isinstance(voices, str) else voices
        return _Taking(pdf, pikepdf).pack(pages, without, voices)


def take_forms(pdf, forms: list) -> Pack:
    """Return forms of an open PDF, each with all it needs, as a pack."""
    import pikepdf

    return _Taking(pdf, pikepdf).forms(forms)


class _Taking:
    def __init__(self, pdf, lib):
        self.pdf, self.lib = pdf, lib
        self.found: list[int] = []
        self.known: dict[int, int] = {}

    def pack(self, pages, without: tuple[str, ...], voices: Sequence[str]) -> Pack:
        forms, notes, trees, known = [], [], [], trees_of(self.pdf)
        for page, voice in zip_longest(pages, voices[: len(pages)], fillvalue=""):
            form = page.as_form_xobject()
            form.BBox = page.mediabox  # what bleeds belongs to the form
            for name in without:
                if name in form.get("/Resources", {}):
                    del form.Resources[name]
            forms.append(form)
            if known:
                trees.append(voiced(known[page.obj.objgen[0]], voice))
                drawn = form.read_bytes()
                kept = muted(drawn, numbers_of(trees[-1]))
                if kept != drawn:
                    form.write(kept)
            notes.append([list(self._note(note)) for note in linked(page)])
        pack = self.forms(forms)
        pack.notes = notes
        if known:
            self._bear(pack, trees)
        return pack

    def _bear(self, pack: Pack, trees: list[list]) -> None:
        """Keep what is read of each form; a form with a tree is known by its own number."""
        pack.trees = [shifted(tree, form) for form, tree in zip(pack.forms, trees, strict=True)]
        for form in (form for form, tree in zip(pack.forms, trees, strict=True) if tree):
            part = pack.parts[form]
            text, refs = part.text + b"/StructParents %d", (*part.refs, form)
            pack.parts[form] = Part(text, refs, part.stream)

    def forms(self, forms: list) -> Pack:
        pack = Pack(forms=[self._number(form.objgen[0]) for form in forms])
        for number in self.found:  # grows while it is walked
            pack.add(self._part(self.pdf.get_object(number, 0)))
        return pack

    def _number(self, number: int) -> int:
        if number not in self.known:
            self.known[number] = len(self.found)
            self.found.append(number)
        return self.known[number]

    def _part(self, item) -> Part:
        if not isinstance(item, self.lib.Stream):
            return Part(*opened(item.unparse(resolved=True), self._number))
        stream, about = item.read_raw_bytes(), item.stream_dict
        if "/Filter" not in about:
            stream = zlib.compress(stream, LEVEL)
            about["/Filter"] = self.lib.Name.FlateDecode
        if "/Length" in about:
            del about["/Length"]
        text, refs = opened(about.unparse(resolved=True), self._number)
        return Part(text.rstrip().removesuffix(b">>"), refs, stream)

    def _note(self, note) -> tuple:
        return (*(round(float(n), 2) for n in note.Rect), str(note.get("/A", {}).get("/URI", "")))
