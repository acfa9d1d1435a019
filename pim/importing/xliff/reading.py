"""Reads units of either version, part by part, in flat memory."""

from collections.abc import Iterator
from typing import BinaryIO

from pim.content.protecting import CLOSE, LONE, OPEN, Code, Part
from pim.content.refusals import InvalidValue, Refused, _

from .units import NS1, NS2, Returned

MOST_BYTES = 512 * 1024**2


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
