"""The documents keep up with the code: what exists has its heading."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from pim.content import kinds
from syndication.registry import BUILT_IN

ROOT = Path(__file__).resolve().parents[2]
SETTING = re.compile(r"""env(?:\.\w+)?\(\s*["'](PIM_\w+)["']""")


def headings(name: str) -> set[str]:
    """Return the second-level headings of a document, without code marks."""
    text = (ROOT / "docs" / name).read_text()
    return {line[3:].strip().strip("`") for line in text.splitlines() if line.startswith("## ")}


def test_every_attribute_kind_has_its_heading():
    assert headings("attribute-kinds.md") == set(kinds.CODES)


def test_every_output_kind_has_its_heading():
    assert headings("outputs.md") == set(BUILT_IN)


def test_every_setting_has_its_heading():
    source = (ROOT / "pim" / "project" / "settings.py").read_text()
    assert headings("settings.md") == set(SETTING.findall(source))


def test_every_command_has_its_heading():
    ours = {name for name, app in get_commands().items() if app in ("pim", "syndication")}
    assert headings("commands.md") == ours


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name)
def test_every_link_of_the_documents_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
    assert [t for t in targets if not (page.parent / t).exists()] == []
