"""An output in which nothing is left is blocked by the guard, in words; it does not fail."""

from datetime import UTC, datetime

import pytest

from syndication.actions.editions import issue_edition, run_edition
from syndication.models import Edition, Pointer
from tests.factories import shelf

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["web_json", "google_merchant"])
def test_edition_of_nothing_is_blocked(kind, settings, tmp_path):
    settings.ARTEFACT_ROOT, settings.SCRATCH_ROOT = tmp_path / "artefacts", tmp_path / "scratch"
    shelf.stock({"A-1": "one"})
    output = shelf.make_output(kind, kind=kind, selection={"families": ["no-such-family"]})
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    run_edition(edition.pk)
    edition = Edition.objects.get(pk=edition.pk)
    assert (edition.state, edition.counts["issued"]) == ("blocked", 0), edition.cause
    assert Pointer.objects.count() == 0
