"""Which element a stranger's XML begins with: found in one pass, whatever stands before it."""

import io

import pytest

from pim.importing.foreign.files import ForeignFile
from pim.importing.foreign.xml import root_of


@pytest.mark.parametrize(
    ("head", "root"),
    [
        (b"<a/>", "a"),
        (b'<?xml version="1.0"?>\n<n:Root xmlns:n="x">', "Root"),
        (b"<?xml version='1.0'?><!-- <b> --><!----><a>", "a"),
        (b'<!DOCTYPE a SYSTEM "a.dtd"><a>', "a"),
        (b"<!DOCTYPE a [<!ELEMENT b (c)><!ATTLIST b c CDATA ''>] ><a>", "a"),
        (b"<?xml version='1.0'?><!-- never closed <a>", ""),
        (b"<!DOCTYPE a [<!ELEMENT b (c)> <a>", ""),
        (b"<?xml <a>", ""),
        (b"no tag", ""),
        (b"", ""),
        (b"<!--" * 16_000, ""),
        (b"<!DOCTYPE" * 7_000, ""),
        (b"<!DOCTYPE a [" * 5_000, ""),
        (b"<!DOCTYPE a []>" * 4_000 + b"<a>", "a"),
        (b"<?a?>" * 13_000 + b"<a>", "a"),
    ],
)
def test_the_root_is_found_behind_any_prolog(head, root):
    assert root_of(ForeignFile("x.xml", "x", lambda: io.BytesIO(head))) == root
