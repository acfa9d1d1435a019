"""XML of strangers, read as a stream: no entities, no network, elements let go when done."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from pim.content.refusals import _

from ..refusals import FileRefused
from .files import ForeignFile

HEAD = 64 * 1024
BAD_BYTES = 81  # XML_ERR_INVALID_ENCODING of libxml2


def root_of(file: ForeignFile) -> str:
    """Return the local name of the root element; refuses what declares entities."""
    with file.opener() as stream:
        head = stream.read(HEAD)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    if b"<!ENTITY" in head.upper():
        raise FileRefused(
            _("“%(name)s” declares entities, which are not read."),
            code="xml_entities",
            name=file.name,
        )
    found = _NAME.match(head, _root_at(head))
    return found[2].decode() if found else ""


_NAME = re.compile(rb"<([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")
_PROLOG = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<!DOCTYPE", b">"))  # XML 1.0, section 2.8


def _root_at(head: bytes) -> int:
    """Return where the first tag after the prolog begins; the end where there is none.

    It only ever looks forward: a hostile head must not be read again and again.
    """
    at = head.find(b"<")
    while at >= 0:
        close = next((end for begin, end in _PROLOG if head.startswith(begin, at)), None)
        if close is None:
            return at
        past = _end_of(head, at, close)
        at = head.find(b"<", past) if past > 0 else -1
    return len(head)


def _end_of(head: bytes, at: int, close: bytes) -> int:
    """Return where a part of the prolog closes, -1 where it never does."""
    end = head.find(close, at + 2)
    subset = head.find(b"[", at, end) if close == b">" and end > 0 else -1
    if subset > 0:
        inner = head.find(b"]", subset)
        end = head.find(close, inner) if inner > 0 else -1
    return end


def elements(file: ForeignFile, *names: str) -> Iterator:
    """Yield the elements of these local names, in order, each emptied once it was seen.

    Names lose their namespaces. A damaged file raises FileRefused with its place.
    """
    from lxml import etree

    wanted = set(names)
    with file.opener() as stream, _refusing(file.name):
        events = etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        within = 0
        for event, element in events:
            name = local(element)
            if event == "start":
                within += name in wanted
                continue
            if name in wanted:
                within -= 1
                if not within:
                    yield element
                    _let_go(element)
            elif not within and element.getparent() is not None:
                element.clear(keep_tail=False)


def _let_go(element) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


@contextmanager
def _refusing(name: str):
    from lxml import etree

    try:
        yield
    except etree.XMLSyntaxError as fault:
        if fault.code == BAD_BYTES:
            raise FileRefused(
                _(
                    "“%(name)s” is not in the encoding that its first line names (line %(line)s):"
                    " save it as UTF-8, or name the right one."
                ),
                code="wrong_encoding",
                name=name,
                line=fault.lineno,
            ) from fault
        raise FileRefused(
            _("“%(name)s” is no well-formed XML: %(fault)s."),
            code="damaged_file",
            name=name,
            fault=str(fault.msg)[:200],
        ) from fault


def local(element) -> str:
    """Return the name of an element without its namespace."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def children(element, name: str) -> Iterator:
    """Yield the children of a local name."""
    return (child for child in element if local(child) == name)


def child(element, name: str):
    """Return the first child of a local name, or None."""
    return next(children(element, name), None) if element is not None else None


def text(element, name: str) -> str:
    """Return the stripped text of the first child of a local name, "" without one."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""
