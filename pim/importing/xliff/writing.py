"""Writes units as XLIFF 2.1 or 1.2, one <file> a product, as they come."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pim.content.protecting import CLOSE, LONE, OPEN, Code, Part

from .units import NS1, NS2, Row

XML = "http://www.w3.org/XML/1998/namespace"


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
