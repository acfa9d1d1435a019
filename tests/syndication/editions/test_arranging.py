"""Products and pages put elsewhere on a flat plan: kept, shown, let go; by desk and API."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from syndication.actions.arranging import Arranger, pins_of, places_by_hand
from syndication.models import AuditEntry, Edition, Output
from syndication.refusals import Refused
from tests.factories.desk import superuser
from tests.syndication.editions.test_proof import FILE, edition_of, person

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
PLAN = [
    (1, "", "", []),
    (2, "1", "Indoor", ["A", "B"]),
    (3, "2", "Indoor", ["C", "D"]),
    (4, "3", "Outdoor", ["E"]),
]


def made(kind: str = "catalogue", **options) -> Edition:
    output = Output.objects.create(
        code="book", name="Book", kind=kind, channel="web", locales=["en"], options=options
    )
    edition = edition_of(output, 1, plan=PLAN)
    edition.settings |= {"kind": kind, "options": options}
    edition.save()
    return edition


def by(edition: Edition) -> Arranger:
    return Arranger(edition, file=FILE, actor="anna", at=NOW)


def places(edition: Edition) -> list[str]:
    edition.output.refresh_from_db()
    return [
        f"{'+'.join(row['identifiers'])} {row['then']} {row['anchor'] or row['page']}"
        for row in places_by_hand(edition.output)
    ]


def test_a_product_is_put_beside_another_of_its_chapter():
    edition = made(placing=[{"when": "product", "of": "Z", "then": "first"}])
    by(edition).beside(["D"], anchor="A", behind=False)
    by(edition).beside(["B"], anchor="C", behind=True)
    assert places(edition) == ["D before A", "B after C"]
    assert edition.output.options["placing"][0]["then"] == "first"
    assert [(e.action, e.note, e.actor) for e in AuditEntry.objects.all()] == [
        ("options", "placing", "anna")
    ] * 2


def test_the_last_place_counts_and_what_others_stand_by_is_kept():
    edition = made()
    by(edition).beside(["A"], anchor="D", behind=True)
    by(edition).beside(["A"], anchor="C", behind=False)
    assert places(edition) == ["A before C"]
    by(edition).beside(["B"], anchor="A", behind=True)
    by(edition).beside(["A"], anchor="D", behind=True)
    assert places(edition) == ["A before C", "B after A", "A after D"]
    by(edition).let_go(["A"])
    assert places(edition) == ["B after A"]


def test_all_of_a_page_goes_behind_a_later_one_and_before_an_earlier():
    edition = made()
    by(edition).page(2, to=3)
    assert places(edition) == ["A+B after D"]
    by(edition).page(3, to=2)
    assert places(edition) == ["A+B after D", "C+D before A"]


def test_a_pin_gives_way_and_what_is_put_beside_a_pinned_one_is_pinned_with_it():
    edition = made()
    by(edition).pin("A", page=3)
    assert pins_of(Output.objects.get()) == {"A": 2}
    by(edition).beside(["B"], anchor="A", behind=False)
    assert places(edition) == ["A pin 2", "B before A", "B pin 2"]
    by(edition).beside(["A"], anchor="D", behind=True)
    assert places(edition) == ["B before A", "B pin 2", "A after D"]
    by(edition).pin("A", page=2)
    assert places(edition) == ["B before A", "B pin 2", "A pin 1"]


def test_a_leaflet_keeps_a_list_up_to_the_last_place_that_was_chosen():
    edition = made("leaflet")
    for page in edition.pages.filter(title="Outdoor"):
        page.delete()
    by(edition).beside(["C"], anchor="A", behind=True)
    assert Output.objects.get().options == {"order": "A, C"}
    by(edition).let_go(["A"])
    assert Output.objects.get().options == {"order": "C"}


@pytest.mark.parametrize(
    ("names", "anchor"), [([], "A"), (["A"], "A"), (["A"], "E"), (["A"], "Z"), (["A, B"], "C")]
)
def test_what_has_no_place_there_is_refused_and_nothing_changes(names, anchor):
    edition = made()
    with pytest.raises(Refused):
        by(edition).beside(names, anchor=anchor, behind=False)
    assert Output.objects.get().options == {}


@pytest.mark.parametrize("page", [1, 4, 9])
def test_no_product_is_pinned_to_another_chapter_or_no_page(page):
    edition = made()
    with pytest.raises(Refused):
        by(edition).pin("A", page=page)
    assert Output.objects.get().options == {}


def test_a_kind_without_places_by_hand_refuses():
    with pytest.raises(Refused):
        by(made("price_list"))


def test_the_desk_moves_shows_and_lets_go(client):
    edition = made()
    client.force_login(superuser())
    arrange = reverse("admin:syndication_edition_arrange", args=[edition.pk])
    plan = reverse("admin:syndication_edition_plan", args=[edition.pk])
    assert "changed since" not in client.get(plan).content.decode()
    sent = {"file": FILE, "identifier": "D", "anchor": "A", "move": "beside", "behind": ""}
    client.post(arrange, sent)
    page = client.get(plan).content.decode()
    assert ("D before A" in page, "changed since this edition" in page) == (True, True)
    client.post(arrange, {"file": FILE, "move": "page", "page": "2", "to": "3"})
    assert places(edition) == ["D before A", "A+B after D"]
    client.post(arrange, {"file": FILE, "move": "pin", "identifier": "C", "to": "2"})
    assert "data-unpin" in client.get(plan).content.decode()
    client.post(arrange, {"file": FILE, "move": "free", "identifier": ["A", "B", "C", "D"]})
    assert places(edition) == []


def test_the_api_moves_lists_and_lets_go(client):
    edition = made()
    client.force_login(superuser())
    address = "/api/v1/outputs/book/editions/1/placing"

    def post(**sent):
        sent = {"file": FILE, **sent}
        return client.post(address, sent, content_type="application/json")

    row = {"identifiers": ["D"], "then": "before", "anchor": "A", "page": 0}
    assert post(identifiers=["D"], before="A").json() == [row]
    assert post(from_page=2, to_page=3).status_code == 200
    assert post(identifiers=["C"], pin=2).status_code == 200
    for wrong in ({}, {"identifiers": ["A"]}, {"identifiers": ["A"], "before": "B", "after": "C"},
                  {"to_page": 2}, {"identifiers": ["A"], "before": "E"}):  # fmt: skip
        assert post(**wrong).status_code in (400, 422), wrong
    assert places(edition) == ["D before A", "A+B after D", "C pin 1"]
    assert len(client.get(address).json()) == 3
    answer = client.delete(f"{address}?identifier=D&identifier=C")
    assert [one["then"] for one in answer.json()] == ["after"]


def test_who_does_not_own_the_output_moves_nothing_by_the_api(client):
    edition = made()
    held = ("view_edition", "view_output", "change_output")
    client.force_login(person("otto", held, output="edit"))
    address = "/api/v1/outputs/book/editions/1/placing"
    sent = {"file": FILE, "identifiers": ["D"], "before": "A"}
    assert client.post(address, sent, content_type="application/json").status_code == 403
    assert client.delete(f"{address}?identifier=A").status_code == 403
    assert places(edition) == []
