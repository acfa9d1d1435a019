"""Every sentence shown to people is found by whoever translates, however the code calls it."""

import re
from pathlib import Path

import pytest

from deploy import messages

ROOT = Path(__file__).resolve().parents[2]
CALL = re.compile(
    r"""\b(?:translate|gettext(?:_lazy|_noop)?|_)\(\s*(["'])(?P<text>[^"'\\\n]+)\1\s*[),]"""
)


@pytest.fixture(scope="module")
def found():
    ids = {message.id for message in messages.extracted() if message.id}
    return {i for known in ids for i in (known if isinstance(known, tuple) else (known,))}


@pytest.mark.parametrize("app", ["pim", "syndication"])
def test_no_marked_sentence_is_missed(app, found):
    files = (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    marked = {m["text"] for path in files for m in CALL.finditer(path.read_text())}
    assert len(marked) > 100
    assert marked - found == set()
