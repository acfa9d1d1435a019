"""The command that fills the desks of the demonstration."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from pim.actions.connections import create_connection
from pim.content.actor import Actor
from pim.models import (
    Comment,
    ExportProfile,
    ImportProfile,
    Notice,
    Product,
    QualityDay,
    Review,
    Task,
)
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
WORK = {
    "drafts": [{"product": "L1", "by": "anna", "values": {"name||fi": "Kuu"}}],
    "reviews": [
        {"product": "L1", "by": "anna", "reviewer": "timo", "slices": [["texts", "fi"]]},
    ],
    "tasks": [{"title": "Translate", "product": "L1", "by": "anna", "assignee": "timo", "days": 2}],
    "comments": [{"product": "L1", "by": "anna", "key": "name||fi", "text": "@timo shorter?"}],
    "exports": {"all": {"name": "All", "selection": {"all": True}, "settings": {"format": "csv"}}},
    "imports": {"list": {"name": "List", "mapping": {}}},
}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    write(wish("L1"))
    for name in ("anna", "timo"):
        User.objects.create_superuser(name, password="secret-enough")


def fill(tmp_path, **work) -> None:
    place = tmp_path / "desk.json"
    place.write_text(json.dumps({**WORK, **work}))
    call_command("demo_desk", str(place))


def test_people_find_tasks_comments_and_profiles(tmp_path):
    fill(tmp_path)
    task = Task.objects.get()
    assert (task.assignee.username, task.product.identifier) == ("timo", "L1")
    assert task.due_on == timezone.now().date() + timedelta(days=2)
    assert Comment.objects.get().key == "name||fi"
    told = Notice.objects.order_by("id").values_list("user__username", "kind")
    assert list(told) == [("timo", "review"), ("timo", "task"), ("timo", "mention")]
    assert (ExportProfile.objects.get().code, ImportProfile.objects.get().code) == ("all", "list")


def test_the_board_of_quality_has_days_behind_it(tmp_path):
    fill(tmp_path, quality={"days": 10, "gain": 20})
    fill(tmp_path, quality={"days": 10, "gain": 20}, drafts=[], reviews=[])
    days = QualityDay.objects.filter(by="all", channel="web", locale="en").order_by("day")
    scores = [day.score for day in days]
    assert len(scores) == 10
    assert scores[-1] - scores[0] == 18
    assert scores == sorted(scores)


def test_a_draft_waits_for_its_review(tmp_path):
    fill(tmp_path)
    pk = Product.objects.get(identifier="L1").pk
    assert read_drafts([pk])[pk].values["fi"]["name"] == {"": "Kuu"}
    assert (Review.objects.get().state, Review.objects.get().slices) == ("open", [["texts", "fi"]])


def test_a_draft_that_is_refused_makes_nothing(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        fill(tmp_path, drafts=[{"product": "L1", "by": "anna", "values": {"nowhere||": "x"}}])
    assert not Review.objects.exists()


def test_profiles_that_are_there_stay(tmp_path):
    fill(tmp_path)
    only = {"all": {**WORK["exports"]["all"], "name": "X"}}
    fill(tmp_path, drafts=[], reviews=[], tasks=[], comments=[], exports=only)
    assert ExportProfile.objects.get().name == "All"


def test_a_file_that_names_nobody_known_makes_nothing(tmp_path):
    with pytest.raises(CommandError, match="no product “L9”"):
        fill(tmp_path, comments=[{"product": "L9", "by": "anna", "text": "?"}])
    assert not Task.objects.exists()


def test_a_connection_has_its_catalog_once(tmp_path):
    connection, _credentials = create_connection("demo", actor=Actor("boss", "command"), at=NOW)
    row = {"connection": "demo", "name": "Web shop", "enabled": True, "selection": {"all": True},
           "shown": {"locales": ["en"]}}  # fmt: skip
    only = dict.fromkeys(("drafts", "reviews", "tasks", "comments"), ())
    for _again in range(2):
        fill(tmp_path, **only, catalogs=[row, {**row, "connection": "none"}])
    catalog = connection.catalogs.get()
    assert (catalog.name, catalog.enabled, catalog.shown) == ("Web shop", True, {"locales": ["en"]})


def test_the_catalog_of_the_demonstration_names_what_there_is():
    work = json.loads(Path("pim/demo/desk.json").read_text("utf-8"))
    rows = Path("pim/demo/catalogue/categories.csv").read_text("utf-8").splitlines()
    codes = {row.partition(",")[0].partition(";")[0] for row in rows}
    (row,) = work["catalogs"]
    assert set(row["selection"]["search"]["categories"][0]["value"]) <= codes
