"""`verify` finds editions whose files or counts are not what they say."""

import hashlib

import pytest

from syndication import store
from syndication.models import Artefact, Edition, EditionArtefact, Output, Pointer
from syndication.queries.editions_verification import findings
from tests.factories.lamps import NOW

pytestmark = pytest.mark.django_db
DATA = b"artefact"
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def edition(tmp_path, settings):
    settings.ARTEFACT_ROOT = tmp_path
    output = Output.objects.create(
        code="feed", name="Feed", kind="web_json", channel="web", audience="consumer"
    )
    counts = {"items_in": 3, "issued": 1, "item_errors": 1, "excluded": 1}
    made = Edition.objects.create(
        output=output, number=1, trigger_key="manual:1", state="issued", counts=counts,
        created_at=NOW,
    )  # fmt: skip
    path = store.path_of(SHA)
    path.parent.mkdir(parents=True)
    path.write_bytes(DATA)
    artefact = Artefact.objects.create(
        sha256=SHA, size=len(DATA), media_type="text/plain", created_at=NOW
    )
    EditionArtefact.objects.create(
        edition=made, artefact=artefact, name="feed.txt", audience="consumer"
    )
    Pointer.objects.create(output=output, edition=made, moved_at=NOW)
    return made


def found():
    return [(f.check, f.message) for f in findings(full=False, at=NOW)]


def test_a_sound_edition_has_no_findings(edition):
    assert found() == []


def test_other_bytes_under_a_name_are_found(edition):
    store.path_of(SHA).write_bytes(b"ARTEFACT")
    assert found() == [("artefact", "feed.txt has other bytes than its name")]


def test_a_file_that_is_gone_is_found(edition):
    store.path_of(SHA).unlink()
    assert found() == [("artefact", "feed.txt is not in the store")]


def test_counts_that_do_not_add_up_are_found(edition):
    Edition.objects.update(counts={**edition.counts, "issued": 2})
    assert found() == [("counts", "3 in, 4 accounted for")]


def test_a_pointer_to_what_was_never_issued_is_found(edition):
    Edition.objects.update(state="failed")
    assert found() == [("pointer", "names an edition that is failed")]
