"""What sets pages faster changes no byte of them."""

import json
import os
import subprocess
import sys

import pytest

from syndication.outputs.catalogue import Catalogue
from syndication.outputs.data_sheet import DataSheet
from syndication.outputs.price_list import PriceList
from syndication.rendering.quick.margins import is_plain
from tests.factories import listings, pictures

SET = """
import json, sys
import django
from pathlib import Path
django.setup()
from syndication.rendering import pdf, quick
from tests.syndication.rendering.quick.test_quick import digests
if sys.argv[2] == "plain":
    quick.streams.install()  # the one part that changes bytes, and nothing that they stand for
    quick.quicken = lambda: None
    pdf.is_plain = lambda css: False
print(json.dumps(digests(Path(sys.argv[1]))))
"""
LOCALES = ("de", "ar")
KINDS = (Catalogue, DataSheet, PriceList)


def digests(folder) -> dict[str, list[str]]:
    """Return the digests of what kinds make of some products, awkward ones among them."""
    import hashlib

    painted = pictures.paint(folder, count=2, size=(400, 400))
    found = {}
    for locale in LOCALES:
        units = listings.units(6, locale, pictures=painted)
        units += [listings.hostile_unit(locale), listings.empty_unit(locale)]
        for kind in (made() for made in KINDS):
            context = listings.context(kind, locale, folder)
            made = [getattr(piece, "payload", b"") for piece in kind.fragments(units, context)]
            found[f"{kind.code} {locale}"] = [hashlib.sha256(p).hexdigest() for p in made]
    return found


def in_a_process(folder, how: str) -> dict:
    settings = os.environ | {"PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-c", SET, str(folder), how],
        env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_set_faster_is_set_alike(tmp_path):
    assert in_a_process(tmp_path, "quick") == in_a_process(tmp_path, "plain")


@pytest.mark.parametrize(
    ("css", "plain"),
    [
        ("@page { size: A4; margin: 0 } p::before { content: 'x' }", True),
        ("@page { @top-left { content: 'head' } }", False),
        ("i { float: footnote }", False),
        ("div { display: list-item }", False),
        ("li::marker { color: red }", False),
    ],
)
def test_style_sheets_that_need_all_defaults_are_known(css, plain):
    assert is_plain(css) is plain
