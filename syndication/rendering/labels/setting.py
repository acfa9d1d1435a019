"""Sets labels in batches, a page each, and puts each together with its code as one form."""

import math
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Made, RenderContext, Unit

from ..barcodes import operators
from ..formats import cldr_locale
from ..pages import render
from ..pdf import Sheets, lay_out
from ..press.stage import is_tagged
from ..print.about import text_string
from ..print.dress import style
from ..print.parts import Pack, Part
from ..print.sheet import MM
from ..print.taking_apart import take_apart
from ..print.volume import put
from ..printable import shortened
from .content import Label
from .frame import Frame, TooSmall, framed
from .sheets import place_of
from .small import small_print
from .stock import stock_of

FOLDER = "outputs/labels"
BATCH = 24
STEPS = (1.0, 0.85, 0.72, 0.61, 0.52, 0.52)  # sizes of the name; the last one is cut, and told
LAST = len(STEPS) - 1
PRICE_TALL = 6.3  # mm of a price that stands above the code
SMALL = _("The code needs %(width)s mm; the label is %(label)s mm wide.")
LOW = _("The bars are %(height)s mm high; the standard asks for %(wanted)s mm.")
SQUARE = ("datamatrix", "qr", "link")


class Laid:
    """A label with its frame, at the step of shrinking that its name has reached."""

    def __init__(self, label: Label, context: RenderContext):
        self.label, self.context, self.step = label, context, 0
        self.rtl = cldr_locale(context.locale).text_direction == "rtl"
        self.symbol = label.symbol
        self.frame = self._framed()
        self.step = self._first_step()

    def _framed(self) -> Frame:
        options, size = self.context.options, stock_of(self.context.options).label
        scale = min(max(float(options.get("magnification") or 100), 10), 400) / 100
        square = options.get("code") in SQUARE and not (self.symbol and not self.symbol.square)
        bars = float(options.get("bars") or 0)
        try:
            frame = framed(
                self.symbol,
                size,
                square=square,
                priced=bool(self.label.details["price"]),
                scale=scale,
                bars=bars,
                rtl=self.rtl,
            )
        except TooSmall as small:
            params = {"width": str(small), "label": f"{size[0]:g}"}
            raise self.label.refused("code_too_large", SMALL, **params) from small
        self._note_low(frame, bars)
        return frame

    def _note_low(self, frame: Frame, chosen: float) -> None:
        if frame.bars and not chosen:
            wanted = self.symbol.size.bars * frame.module / self.symbol.size.target
            if frame.bars < wanted - 0.05:
                told = {"height": f"{frame.bars:.1f}", "wanted": f"{wanted:.1f}"}
                self.label.warn("bars_low", LOW, field="gtin", **told)

    def _first_step(self) -> int:
        """Return the step at which the name can be expected to fit: it saves failed layouts."""
        width, height = self.frame.name[2:]
        for step, scale in enumerate(STEPS[:-1]):
            size = self._size * scale
            line, rows = width * MM / (size * 0.56), height * MM // (size * 1.16)
            if rows and self._rows(line * 0.9) <= rows:
                return step
        return LAST - 1 if self.label.names[1:] else LAST

    def _rows(self, line: float) -> float:
        """Return how many lines of so many characters the name takes, those of each language in
        lines of its own."""
        taken = [len(name["text"]) / line for name in self.label.names]
        return sum(map(math.ceil, taken)) if taken[1:] else taken[0]

    @property
    def _size(self) -> float:
        """Points of the name at its first step."""
        return min(max(self.frame.name[3] * MM * 0.52, 7), max(8, self.frame.height * 0.36), 22)

    def row(self) -> dict[str, Any]:
        """Return what the template shows."""
        names, size = self.label.names, self._size * STEPS[self.step]
        if self.step == LAST:
            width, height = self.frame.name[2:]
            rows = max(1, int(height * MM / (size * 1.3)) // len(names))
            room = int(width * MM / (size * 0.6)) * rows
            names = [name | {"text": self._within(name["text"], room)} for name in names]
        return {
            "names": names,
            "small": small_print(self.label, self.frame),
            "name_size": f"{size:.2f}",
            "details": self.label.details,
            "price_size": f"{self._price_size:.2f}",
            "beside": self.frame.beside,
            "digits": list(self._digits()),
            **self._places(),
        }

    def _within(self, name: str, room: int) -> str:
        if len(name) <= room:
            return name
        message = _("Shortened to fit: %(beginning)s…")
        self.label.warn("text_shortened", message, field="name", beginning=name[:60])
        return shortened(name, room=max(room, 4))

    @property
    def _price_size(self) -> float:
        width, height = self.frame.price[2:]
        text = self.label.details["price"] or " "
        other = 0 if self.frame.beside else 12  # the small print beside it
        tall = (height - 5.5 if self.frame.beside else PRICE_TALL) * MM
        least = 4.5 if self.label.names[1:] else 6
        return max(least, min((width - other) * MM / (len(text) * 0.62), tall * 0.72, 34))

    def _places(self) -> dict[str, str]:
        """Return boxes as CSS that is measured from the top left of the label."""
        frame = self.frame
        x, y, width, height = frame.price
        price = f"{_box(x, frame.height - y - height, width)};height:{height:.3f}mm"
        left, low, wide = frame.name[:3]
        return {"price_box": price, "sku_box": _box(left, frame.height - low, wide)}

    def _digits(self) -> Iterator[dict[str, str]]:
        """Yield what stands below the bars, in its place."""
        if not self.symbol or self.symbol.square:
            return
        x, y = self.frame.code[:2]
        module, left = self.frame.module, self.symbol.size.left
        top = self.frame.height - y - 2.5
        for first, last, text in self.symbol.below:
            at, wide = x + (left + first) * module, (last - first) * module
            size = min(7.5, wide * MM / (len(text) * 0.6))
            yield {
                "text": text,
                "box": _box(at, top, wide),
                "size": f"{size:.2f}",
            }


def _box(left: float, top: float, width: float) -> str:
    return f"left:{left:.3f}mm;top:{top:.3f}mm;width:{width:.3f}mm"


def set_labels(units: Iterable[Unit], context: RenderContext) -> Iterator[Made | ItemRefused]:
    """Yield one label per unit, in order."""
    source = iter(units)
    while batch := list(islice(source, BATCH)):
        yield from _set(batch, context)


def _set(units: list[Unit], context: RenderContext) -> list[Made | ItemRefused]:
    made: dict[int, Made | ItemRefused] = {}
    waiting: dict[int, Laid] = {}
    for n, unit in enumerate(units):
        try:
            waiting[n] = Laid(Label(unit, context), context)
        except ItemRefused as refused:
            made[n] = refused
    while waiting:
        waiting = _round(waiting, made, context)
    return [made[n] for n in range(len(units))]


def _round(waiting: dict[int, Laid], made: dict, context: RenderContext) -> dict[int, Laid]:
    """Set what waits; return the labels whose name runs over, a step smaller."""
    sheets, again = _lay_out(list(waiting.values()), context), {}
    starts = _starts(sheets, len(waiting))
    for (n, laid), (name, details) in zip(waiting.items(), starts, strict=True):
        if details - name > 1 and laid.step < LAST:
            laid.step += 1
            again[n] = laid
        else:
            made[n] = _made(laid, sheets, name, details)
    return again


def _starts(sheets: Sheets, count: int) -> list[tuple[int, int]]:
    """Return the page where the name begins and that of the rest, for every label."""
    first: dict[str, int] = {}
    for page, ids in enumerate(sheets.anchors()):
        for mark in ids:
            first.setdefault(mark, page)
    return [(first[f"l{n}"], first[f"d{n}"]) for n in range(count)]


def _lay_out(labels: list[Laid], context: RenderContext) -> Sheets:
    boxes: dict[tuple[str, str], str] = {}
    rows = []
    for n, laid in enumerate(labels):
        size = (f"{laid.frame.name[2]:.3f}", f"{laid.frame.name[3]:.3f}")
        page = boxes.setdefault(size, f"box{len(boxes)}")
        rows.append({"id": str(n), "name_page": page, **laid.row()})
    values = {
        "labels": rows,
        "boxes": [{"name": page, "width": w, "height": h} for (w, h), page in boxes.items()],
        "locale": context.locale,
        "direction": cldr_locale(context.locale).text_direction,
    }
    width, height = stock_of(context.options).label
    css = style(f"{FOLDER}/labels.css", context, width=f"{width:g}", height=f"{height:g}")
    return lay_out(render(f"{FOLDER}/labels.html", values), css=css)


def _made(laid: Laid, sheets: Sheets, name: int, details: int) -> Made:
    payload = sheets.pdf(name, details, tagged=is_tagged(laid.context))
    if sheets.missing:
        characters = " ".join(sorted(set(sheets.missing)))[:100]
        laid.label.warn(
            "characters_without_glyph", _("No font has: %(characters)s"), characters=characters
        )
    return Made(_composed(payload, laid).to_bytes(), tuple(laid.label.warnings))


def _composed(payload: bytes, laid: Laid) -> Pack:
    """Return a pack of one form: the name, the rest of the text and the code, read in that order
    where it is tagged.
    """
    found = take_apart(payload, voices=["H1", ""])
    pack, code = Pack(), _code(laid)
    name, details = pack.take_in(found)
    form, tree = len(pack.parts), [node for tree in found.trees for node in tree]
    width, height = laid.frame.width * MM, laid.frame.height * MM
    about = b"<</Type/XObject/Subtype/Form/BBox[0 0 %.3f %.3f]" % (width, height)
    about += b"/Resources<</XObject<</N %d 0 R/T %d 0 R>>>>/Filter/FlateDecode"
    parts: tuple[int, ...] = (name, details)
    if code and tree:
        said = b"/Alt" + text_string(f"{laid.label.name}, {laid.symbol.text}")
        tree.append(["Figure", said.decode("latin-1"), [[form, 0]]])
        code = b"/Figure<</MCID 0>>BDC\n" + code + b"EMC\n"
        about, parts = about + b"/StructParents %d", (*parts, form)
    x, y = laid.frame.name[0] * MM, laid.frame.name[1] * MM
    drawn = zlib.compress(put("N", x, y) + b"/T Do\n" + code)
    pack.forms, pack.notes = [pack.add(Part(about, parts, drawn))], [[]]
    pack.trees = [tree] if tree else []
    return pack


def _code(laid: Laid) -> bytes:
    if not laid.symbol:
        return b""
    x, y = laid.frame.code[:2]
    if laid.symbol.square:
        return operators(laid.symbol, x=x * MM, y=y * MM, module=laid.frame.module * MM)
    foot = y + laid.frame.code[3] - laid.frame.bars
    return operators(
        laid.symbol,
        x=x * MM,
        y=foot * MM,
        module=laid.frame.module * MM,
        height=laid.frame.bars * MM,
    )


def summarise(unit: Unit, context: RenderContext) -> dict:
    """Return what the order and the sheets must know of a label."""
    code: list[float] = []
    if context.options.get("code") == "qr":
        code = [round(n, 3) for n in Laid(Label(unit, context), context).frame.code[:3]]
    return ordering(unit, context) | {"code": code}


def ordering(unit: Unit, context: RenderContext) -> dict:
    """Return the name, the place in the tree and the copies of a label."""
    label, labels = Label(unit, context), context.labels[context.locale]
    place = place_of(label.view.body.get("categories") or [], labels)
    return {"name": label.view.name, "place": place, "copies": label.copies}
