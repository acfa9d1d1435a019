"""The command `rules`: loads a file, previews, runs."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from pim.models import Job, Rule
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    lamp_catalogue()

    def run(document) -> str:
        path = tmp_path / "rules.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return call(load=str(path))

    return run


def call(*codes, **options) -> str:
    out = io.StringIO()
    call_command("rules", *codes, stdout=out, **options)
    return out.getvalue()


RULE = {
    "name": "Pieces",
    "when": {"all": True},
    "actions": [{"op": "set", "attribute": "pieces", "value": 1}],
}


def test_a_file_is_loaded_once_and_its_rules_run(load):
    assert load({"pieces": RULE}) == "pieces: created\n"
    assert load({"pieces": RULE}) == "pieces: unchanged\n"
    write(wish("A", family="lamp"))
    assert "Pieces" in call("pieces", dry_run=True)
    call("pieces")
    assert [j.counts for j in Job.objects.order_by("id")] == [{"Pieces": {"changed": 1}}] * 2


@pytest.mark.parametrize("document", ["{", {"x y": RULE}, {"x": {**RULE, "actions": []}}])
def test_files_that_make_no_rules_are_refused(load, document):
    with pytest.raises(CommandError):
        load(document)
    assert Rule.objects.count() == 0


def test_unknown_rules_are_refused(load):
    with pytest.raises(CommandError):
        call("nope")
    assert Job.objects.count() == 0
