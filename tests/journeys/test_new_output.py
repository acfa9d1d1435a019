"""The tutorial's code runs as it stands: a package with an entry point adds an output kind."""

import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndication import registry, store
from syndication.actions.editions import issue_edition, run_edition
from syndication.models import Edition, EditionArtefact
from syndication.supervise import supervisor
from tests.factories import shelf

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "new-output.md"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TAGS = "Kettle\nA-2\n10 EUR\n\nLamp with a very long name tha\nA-1\n10 EUR\n\n"


def block(language: str) -> str:
    """Return the tutorial's only code block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", TUTORIAL.read_text(), re.DOTALL)
    return found


@pytest.fixture
def installed(tmp_path, settings):
    """Lay out what `pip install` would: the module, and the package's entry points."""
    folder, project = tmp_path / "site", tomllib.loads(block("toml"))["project"]
    info = folder / "shelf_tags-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "shelf_tags.py").write_text(block("python"))
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1\n")
    ((group, points),) = project["entry-points"].items()
    lines = [f"[{group}]", *(f"{name} = {target}" for name, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    settings.ARTEFACT_ROOT, settings.SCRATCH_ROOT = tmp_path / "artefacts", tmp_path / "scratch"
    sys.path.insert(0, str(folder))
    registry.targets.cache_clear()
    yield
    sys.path.remove(str(folder))
    registry.targets.cache_clear()
    supervisor.stop_all()


@pytest.mark.django_db
def test_the_tutorials_output_kind_issues_an_edition(installed):
    shelf.stock({"A-1": "Lamp with a very long name that is cut", "A-2": "Kettle"})
    shelf.put("A-3", "Unpriced", price="")
    output = shelf.make_output("tags", kind="shelf_tags")
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    run_edition(edition.pk)
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.state == "issued_with_warnings", edition.cause
    link = EditionArtefact.objects.get(edition=edition)
    assert (link.name, store.path_of(link.artefact_id).read_text()) == ("tags.en.txt", TAGS)
    assert sorted(edition.item_errors.values_list("identifier", "code", "severity")) == [
        ("A-1", "shortened", "warning"),
        ("A-3", "no_price", "error"),
    ]
