"""XLIFF 2.1 and 1.2: units written for translators, and read back part by part.

OASIS XLIFF 2.1 §4.2 (pc, ph, originalData) and XLIFF 1.2 §2.4 (bpt, ept, ph). What a code stands
for is written for the translator's eyes; when read back only its id counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pim.content.protecting import CLOSE, LONE, OPEN, Code, Part
from pim.content.refusals import InvalidValue, Refused, _

NS2 = "urn:oasis:names:tc:xliff:document:2.0"
NS1 = "urn:oasis:names:tc:xliff:document:1.2"
XML = "http://www.w3.org/XML/1998/namespace"
MOST_BYTES = 512 * 1024**2


@dataclass(frozen=True, slots=True)
class Row:
    """A unit on its way out; `note` is for the translator."""

    product: str
    name: str
    key: str
    source: list[Part]
    target: list[Part]
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A unit that came back: parts whose codes have ids but no literals."""

    product: str
    key: str
    source: list[Part]
    target: list[Part]


def write_xliff(rows: Iterable[Row], out: BinaryIO, *, source: str, target: str, version: str):
    """Write the rows, one <file> a product, as they come."""
    from lxml import etree

    writer = {"2.1": _Two, "1.2": _One}[version](source, target)
    with etree.xmlfile(out, encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element(writer.tag("xliff"), writer.root(), nsmap={None: writer.space}):
            for product, group in _by_product(rows):
                for element in writer.file(product, group):
                    xml.write(element)


def read_xliff(stream: BinaryIO) -> tuple[str, str, Iterator[Returned]]:
    """Return (source locale, target locale, the units) of either version.

    Raises `InvalidValue` for what is no XLIFF, or has no languages.
    """
    space, attributes = _head(stream)
    if space == NS2:
        languages = attributes.get("srcLang", ""), attributes.get("trgLang", "")
        return *languages, _read(stream, NS2, "unit", _unit_of_two)
    if space == NS1:
        first = _first_file(stream)
        languages = first.get("source-language", ""), first.get("target-language", "")
        return *languages, _read(stream, NS1, "trans-unit", _unit_of_one)
    raise _unreadable()


def _by_product(rows: Iterable[Row]) -> Iterator[tuple[Row, list[Row]]]:
    held: list[Row] = []
    for row in rows:
        if held and row.product != held[0].product:
            yield held[0], held
            held = []
        held.append(row)
    if held:
        yield held[0], held


class _Two:
    """Writes XLIFF 2.1."""

    space = NS2

    def __init__(self, source: str, target: str):
        self.source, self.target = source, target

    def tag(self, name: str) -> str:
        return f"{{{NS2}}}{name}"

    def root(self) -> dict:
        return {"version": "2.1", "srcLang": self.source, "trgLang": self.target}

    def file(self, product: Row, rows: list[Row]):
        from lxml import etree

        made = etree.Element(
            self.tag("file"),
            {"id": f"p{product.product}", "original": product.name},
            nsmap={None: NS2},
        )
        for row in rows:
            self._unit(made, row)
        yield made

    def _unit(self, parent, row: Row) -> None:
        from lxml import etree

        unit = etree.SubElement(parent, self.tag("unit"), id=row.key, name=f"{row.name} {row.key}")
        if row.note:
            notes = etree.SubElement(unit, self.tag("notes"))
            etree.SubElement(notes, self.tag("note")).text = _clean(row.note)
        codes = {(c.id, c.kind): c.literal for c in row.source if isinstance(c, Code)}
        if codes:
            data = etree.SubElement(unit, self.tag("originalData"))
            for (code, kind), literal in codes.items():
                etree.SubElement(data, self.tag("data"), id=f"{kind[0]}{code}").text = literal
        state = "initial" if not row.target else "translated"
        segment = etree.SubElement(unit, self.tag("segment"), state=state)
        self._fill(etree.SubElement(segment, self.tag("source")), row.source)
        if row.target:
            self._fill(etree.SubElement(segment, self.tag("target")), row.target)

    def _fill(self, element, parts: list[Part]) -> None:
        from lxml import etree

        element.set(f"{{{XML}}}space", "preserve")
        stack = [element]
        for part in parts:
            if isinstance(part, str):
                _append(stack[-1], part)
            elif part.kind == CLOSE:
                stack.pop()
            elif part.kind == OPEN:
                refs = {"dataRefStart": f"o{part.id}", "dataRefEnd": f"c{part.id}"}
                stack.append(etree.SubElement(stack[-1], self.tag("pc"), id=part.id, **refs))
            else:
                etree.SubElement(stack[-1], self.tag("ph"), id=part.id, dataRef=f"l{part.id}")


class _One:
    """Writes XLIFF 1.2."""

    space = NS1
    TAGS = {OPEN: "bpt", CLOSE: "ept", LONE: "ph"}

    def __init__(self, source: str, target: str):
        self.source, self.target = source, target

    def tag(self, name: str) -> str:
        return f"{{{NS1}}}{name}"

    def root(self) -> dict:
        return {"version": "1.2"}

    def file(self, product: Row, rows: list[Row]):
        from lxml import etree

        made = etree.Element(
            self.tag("file"),
            {
                "original": product.product,
                "product-name": product.name,
                "datatype": "plaintext",
                "source-language": self.source,
                "target-language": self.target,
            },
            nsmap={None: NS1},
        )
        body = etree.SubElement(made, self.tag("body"))
        for row in rows:
            self._unit(body, row)
        yield made

    def _unit(self, parent, row: Row) -> None:
        from lxml import etree

        unit = etree.SubElement(
            parent, self.tag("trans-unit"), id=row.key, resname=f"{row.name} {row.key}"
        )
        unit.set(f"{{{XML}}}space", "preserve")
        self._fill(etree.SubElement(unit, self.tag("source")), row.source)
        if row.target:
            target = etree.SubElement(unit, self.tag("target"), state="needs-review-translation")
            self._fill(target, row.target)
        if row.note:
            etree.SubElement(unit, self.tag("note")).text = _clean(row.note)

    def _fill(self, element, parts: list[Part]) -> None:
        from lxml import etree

        for part in parts:
            if isinstance(part, str):
                _append(element, part)
            else:
                code = etree.SubElement(element, self.tag(self.TAGS[part.kind]), id=part.id)
                code.text = part.literal


def _append(element, text: str) -> None:
    text = _clean(text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _clean(text: str) -> str:
    """Return the text without what XML 1.0 cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or c >= " ")


def _head(stream: BinaryIO) -> tuple[str, dict]:
    for _event, element in _walk(stream, ("start",)):
        space, _sep, name = element.tag.removeprefix("{").partition("}")
        if name != "xliff":
            break
        return space, dict(element.attrib)
    raise _unreadable()


def _first_file(stream: BinaryIO) -> dict:
    for _event, element in _walk(stream, ("start",)):
        if element.tag == f"{{{NS1}}}file":
            return dict(element.attrib)
    raise _unreadable()


def _walk(stream: BinaryIO, events: tuple[str, ...], **how) -> Iterator:
    """Yield parse events with everything that a hostile file could use switched off."""
    from lxml import etree

    stream.seek(0, 2)
    if stream.tell() > MOST_BYTES:
        raise Refused(_("The file is larger than 512 MB."), code="too_large")
    stream.seek(0)
    safe = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}
    try:
        yield from etree.iterparse(stream, events=events, **safe, **how)
    except etree.XMLSyntaxError as fault:
        raise InvalidValue(
            _("The file is not XML that can be read: %(why)s."),
            code="bad_xml",
            why=str(fault)[:200],
        ) from None


def _read(stream: BinaryIO, space: str, name: str, read) -> Iterator[Returned]:
    """Yield the units, letting go of each file that is done: flat memory."""
    file_tag, unit_tag = f"{{{space}}}file", f"{{{space}}}{name}"
    product = ""
    for event, element in _walk(stream, ("start", "end")):
        if event == "start" and element.tag == file_tag:
            product = (
                element.get("id", "").removeprefix("p")
                if space == NS2
                else (element.get("original", ""))
            )
        elif event == "end" and element.tag == unit_tag:
            yield read(element, product)
            element.clear()
        elif event == "end" and (element.tag == file_tag or not _inside(element, unit_tag)):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _inside(element, unit_tag: str) -> bool:
    """Return whether the element is part of a unit that is still being read."""
    return any(above.tag == unit_tag for above in element.iterancestors())


def _unit_of_two(unit, product: str) -> Returned:
    source: list[Part] = []
    target: list[Part] = []
    for segment in unit:
        if segment.tag not in (f"{{{NS2}}}segment", f"{{{NS2}}}ignorable"):
            continue
        for name, into in (("source", source), ("target", target)):
            found = segment.find(f"{{{NS2}}}{name}")
            if found is not None:
                into += _parts_of_two(found)
            elif name == "target" and segment.tag.endswith("ignorable"):
                into += _parts_of_two(segment.find(f"{{{NS2}}}source"))
    return Returned(product, unit.get("id", ""), source, target)


def _parts_of_two(element) -> list[Part]:
    parts: list[Part] = [element.text] if element.text else []
    for child in element:
        name = str(child.tag).rpartition("}")[2] if isinstance(child.tag, str) else ""
        code = child.get("id", "") if name else ""
        if name == "pc":
            parts += [Code(code, OPEN, ""), *_parts_of_two(child), Code(code, CLOSE, "")]
        elif name == "sc":
            parts.append(Code(code, OPEN, ""))
        elif name == "ec":
            parts.append(Code(child.get("startRef", code), CLOSE, ""))
        elif name == "ph":
            parts.append(Code(code, LONE, ""))
        elif name in ("mrk", "sm", "em"):
            parts += _parts_of_two(child)
        if child.tail:
            parts.append(child.tail)
    return parts


def _unit_of_one(unit, product: str) -> Returned:
    found = {name: unit.find(f"{{{NS1}}}{name}") for name in ("source", "target")}
    parts = {name: [] if e is None else _parts_of_one(e) for name, e in found.items()}
    return Returned(product, unit.get("id", ""), parts["source"], parts["target"])


def _parts_of_one(element) -> list[Part]:
    kinds = {"bpt": OPEN, "ept": CLOSE, "ph": LONE, "x": LONE}
    parts: list[Part] = [element.text] if element.text else []
    for child in element:
        name = str(child.tag).rpartition("}")[2] if isinstance(child.tag, str) else ""
        code = child.get("id", "") if name else ""
        if name in kinds:
            parts.append(Code(code, kinds[name], ""))
        elif name == "g":
            parts += [Code(code, OPEN, ""), *_parts_of_one(child), Code(code, CLOSE, "")]
        elif name == "mrk":
            parts += _parts_of_one(child)
        if child.tail:
            parts.append(child.tail)
    return parts


def _unreadable() -> InvalidValue:
    return InvalidValue(_("The file is no XLIFF 1.2 or 2.1."), code="no_xliff")
