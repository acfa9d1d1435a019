"""The command that checks layouts, and the tutorial of the documentation, as they are."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command

from syndication.outputs.catalogue import Catalogue
from syndication.rendering.print.layouts.folders import BUILT_IN
from tests.factories import listings as samples

PAGE = Path(configured.BASE_DIR) / "docs/print-layouts.md"
BLOCK = re.compile(r"`strip/([a-z.]+)`:\n\n```[a-z]+\n(.*?)```", re.DOTALL)


def checked(*folders) -> tuple[str, str]:
    """Return what the command writes, and why it fails ("" where it does not)."""
    out = io.StringIO()
    try:
        call_command("check_layouts", *map(str, folders), stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_layouts_of_the_product_are_named():
    written, failed = checked()
    assert (failed, "six: Six on a page" in written, len(written.splitlines())) == ("", True, 8)


def test_broken_layout_is_told_with_place_and_cure(tmp_path, settings):
    shutil.copytree(BUILT_IN / "six", tmp_path / "mine")
    (tmp_path / "mine/card.html").write_text("<p>\n{{ secret }}</p>")
    settings.PRINT_LAYOUTS = str(tmp_path)
    written, failed = checked()
    line = written.splitlines()[-1]
    assert failed == "1 of 9 layouts cannot be used."
    assert line.startswith(f"{tmp_path}/mine/card.html:2: There is no placeholder “secret”")
    assert line.endswith("docs/print-layouts.md lists what it may hold.")
    assert checked(tmp_path / "mine")[1] == "1 of 1 layouts cannot be used."


@pytest.fixture
def strip(tmp_path):
    folder = tmp_path / "strip"
    folder.mkdir()
    files = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert sorted(files) == ["card.css", "card.html", "manifest.json"]
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_layout_of_the_tutorial_sets_a_card(locale, strip, tmp_path, settings):
    settings.PRINT_LAYOUTS = str(tmp_path)
    assert checked(strip) == ("strip: Strip\n", "")
    context = samples.context(Catalogue(), locale, tmp_path / "work", layout="strip")
    made = Catalogue().fragment(samples.unit(0, locale), context)
    path = tmp_path / "card.pdf"
    path.write_bytes(made.payload)
    shown = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True).stdout
    assert re.fullmatch("[0-9a-f]{32}", made.summary.pop("digest"))
    assert made.summary == {"layout": "strip", "cells": [(12, 3)], "facing": False}
    assert ("BLANKET-001" in shown, "835" in shown) == (True, True)
