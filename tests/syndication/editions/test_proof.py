"""The proof of an edition: read at the desk and by the API, commented, pinned; rights hold."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pikepdf
import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from pim.actions.roles import save_role
from syndication import store
from syndication.actions import served, thumbnails
from syndication.actions.thumbnails import clear_pictures, page_picture
from syndication.models import (
    Artefact,
    Edition,
    EditionArtefact,
    EditionChange,
    EditionPage,
    Output,
    PageComment,
)
from syndication.queries.proof import Proof
from syndication.refusals import NotDrawn
from syndication.supervise import ask as asking
from tests.factories.catalogue import ANNA, lamp_catalogue, wish, write
from tests.factories.desk import superuser
from tests.factories.rights import grants

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
FILE = "catalogue.en.pdf"
BOX = [40, 500, 240, 200]
DETAILS = [
    ["en", "L1", "name", "Lamp", "Moon lamp"],
    ["en", "L1", "ean", None, "SECRET"],
    ["en", "L1", "@prices", [{"currency": "EUR", "amount": "10"}], None],
    ["en", "L1", "@tie:cross_sell", None, ["L2", "L3"]],
]
PLAN = [(1, "", "", []), (2, "1", "Indoor", ["L1", "L2"]), (3, "2", "Indoor", ["L3"]),
        (4, "3", "Outdoor", ["L4"])]  # fmt: skip


@pytest.fixture(scope="module")
def service_folder(tmp_path_factory):
    """One service for all tests here: it takes seconds to start."""
    yield tmp_path_factory.mktemp("service")
    asking.stop()


@pytest.fixture(autouse=True)
def _places(settings, tmp_path, service_folder, monkeypatch):
    settings.DATA_DIR = service_folder
    monkeypatch.setattr(served, "modules", lambda: ())
    settings.ARTEFACT_ROOT, settings.SCRATCH_ROOT = tmp_path / "artefacts", tmp_path / "scratch"
    settings.FILES_CACHE_ROOT = tmp_path / "cache"


def pdf(folder, *, pages: int = 4, margin: int = 20):
    """Write a PDF of A5 pages that are trimmed by a margin."""
    path = folder / "made.pdf"
    with pikepdf.new() as file:
        for _ in range(pages):
            page = file.add_blank_page(page_size=(420 + 2 * margin, 595 + 2 * margin))
            page.trimbox = [margin, margin, 420 + margin, 595 + margin]
        file.save(path)
    return path


def edition_of(output: Output, number: int, *, plan=PLAN, compared=None, file=None) -> Edition:
    edition = Edition.objects.create(
        output=output, number=number, locale="en", trigger_key=f"manual:{number}", state="issued",
        settings={"kind": "catalogue", "channel": "web", "locales": ["en"], "audience": "consumer"},
        counts={"compared_with": compared} if compared else {}, created_at=NOW,
    )  # fmt: skip
    for page, folio, title, names in plan:
        products = orjson.dumps([[name, BOX] for name in names]).decode()
        EditionPage.objects.create(
            edition=edition, file=FILE, number=page, folio=folio, title=title, products=products
        )
    if file:
        sha256 = store.settle(file)
        size = file.stat().st_size
        store.adopt(file, sha256=sha256)
        Artefact.objects.create(sha256=sha256, size=size, media_type="application/pdf")
        EditionArtefact.objects.create(edition=edition, artefact_id=sha256, name=FILE)
    return edition


@pytest.fixture
def edition(tmp_path) -> Edition:
    lamp_catalogue()
    for name, place in {"L1": "indoor", "L2": "indoor", "L3": "indoor", "L4": "outdoor"}.items():
        write(wish(name, family="lamp", categories=[place], at={"name||en": name}))
    output = Output.objects.create(
        code="book", name="Book", kind="catalogue", channel="web", locales=["en"]
    )
    before = [*PLAN[:1], (2, "1", "Indoor", ["L1", "L5"]), (3, "2", "Indoor", ["L2", "L3"])]
    edition_of(output, 1, plan=before)
    made = edition_of(output, 2, compared=1, file=pdf(tmp_path))
    for kind, name, details in (
        ("changed", "L1", DETAILS), ("added", "L4", []), ("removed", "L5", []),
    ):  # fmt: skip
        EditionChange.objects.create(
            edition=made, identifier=name, name=name, kind=kind, details=json.dumps(details)
        )
    return made


def address(edition: Edition, name: str, *args) -> str:
    return reverse(f"admin:syndication_edition_{name}", args=[edition.pk, *args])


def person(name: str, permissions: tuple[str, ...], **areas) -> User:
    user = User.objects.create_user(name, is_staff=True)
    held = [f"syndication.{code}" for code in permissions]
    save_role(name, grants=grants(**areas), permissions=held, users=[user], actor=ANNA, at=NOW)
    return User.objects.get(pk=user.pk)


def test_the_change_list_shows_old_and_new_and_the_page(client, edition):
    client.force_login(superuser())
    page = client.get(address(edition, "changes")).content.decode()
    for words in ("Compared with edition 1", "Moon lamp", "SECRET", "€10.00", "L4", "L5"):
        assert words in page
    assert address(edition, "page", 2, FILE) in page
    only = client.get(address(edition, "changes"), {"kind": "removed"}).content.decode()
    assert ("Moon lamp" in only, "L5" in only) == (False, True)


def test_a_change_is_told_once_not_as_name_and_for_every_variant_too(edition):
    details = [
        ["en", "L1", "@name", "Lamp", "Moon lamp"],
        ["en", "L1", "name", "Lamp", "Moon lamp"],
        ["en", "L1-RED", "@name", "Lamp", "Moon lamp"],
        ["en", "L1-RED", "name", "Lamp", "Moon lamp"],
        ["en", "L1-RED", "ean", "1", "2"],
        ["en", "L1-BLUE", "@name", "Lamp", "Moon lamp, blue"],
    ]
    change = EditionChange(identifier="L1", kind="changed", details=orjson.dumps(details).decode())
    told = [(row.identifier, row.code) for row in Proof(edition).rows_of(change)]
    assert told == [("L1", "name"), ("L1-RED", "ean"), ("L1-BLUE", "@name")]


def test_what_moved_is_what_begins_on_another_page(edition):
    assert Proof(edition).moved == [("L2", "2", "1")]
    assert Proof(edition).counts() == {"added": 1, "changed": 1, "removed": 1, "moved": 1}


def test_who_has_limits_reads_neither_hidden_values_nor_hidden_products(client, edition):
    pia = person(
        "pia",
        ("view_edition", "view_output"),
        group={"*": "view", "data": "none"},
        category={"outdoor": "none"},
    )
    client.force_login(pia)
    page = client.get(address(edition, "changes")).content.decode()
    assert ("Moon lamp" in page, "SECRET" in page, ">L4<" in page) == (True, False, False)
    plan = client.get(address(edition, "plan")).content.decode()
    assert (">L3<" in plan, ">L4<" in plan) == (True, False)
    told = client.get("/api/v1/outputs/book/editions/2/changes").json()["results"]
    assert [(one["identifier"], [r["code"] for r in one["rows"]]) for one in told] == [
        ("L1", ["name", "@prices", "@tie:cross_sell"])
    ]
    pages = client.get("/api/v1/outputs/book/editions/2/pages").json()
    assert [p["identifier"] for page in pages for p in page["products"]] == ["L1", "L2", "L3"]


def test_the_api_tells_changes_pages_and_moves(client, edition):
    client.force_login(superuser())
    base = "/api/v1/outputs/book/editions/2"
    changes = client.get(f"{base}/changes?kind=changed").json()
    assert changes["count"] == 1
    assert changes["results"][0]["rows"][0] == {
        "what": "name", "code": "name", "identifier": "L1", "locale": "en", "before": "Lamp",
        "after": "Moon lamp",
    }  # fmt: skip
    assert client.get(f"{base}/moved").json() == [{"identifier": "L2", "before": "2", "after": "1"}]
    assert client.get(f"{base}/pages").json()[1] == {
        "file": FILE, "number": 2, "folio": "1", "title": "Indoor",
        "products": [{"identifier": "L1", "box": BOX}, {"identifier": "L2", "box": BOX}],
    }  # fmt: skip


def test_pictures_are_of_the_trimmed_page_and_drawn_once(client, edition):
    client.force_login(superuser())
    answer = client.get(address(edition, "picture", "small", 2, FILE))
    data = b"".join(answer.streaming_content)
    width, height = (int.from_bytes(data[n : n + 4], "big") for n in (16, 20))
    assert (answer["Content-Type"], width, height) == ("image/png", 240, 340)
    sha256 = edition.artefacts.get().artefact_id
    drawn, wide, high = page_picture(sha256, page=3, size="small")
    assert (wide, high) == (420, 595)
    before = drawn.stat().st_mtime_ns
    assert page_picture(sha256, page=3, size="small").path.stat().st_mtime_ns == before
    assert (clear_pictures(), clear_pictures(at=drawn.stat().st_mtime + 8 * 86400)) == (0, 1)


def test_pages_that_are_not_there_have_no_picture(client, edition):
    client.force_login(superuser())
    for wrong in (("small", 9, FILE), ("huge", 2, FILE), ("small", 2, "other.pdf")):
        assert client.get(address(edition, "picture", *wrong)).status_code == 404
    with pytest.raises(NotDrawn):
        page_picture(edition.artefacts.get().artefact_id, page=9, size="large")


class Served:
    """Stands in for the service: counts what it is asked for, and says how it ends."""

    def __init__(self, outcome: str):
        self.outcome, self.orders = outcome, []

    def __call__(self, order, **_how):
        self.orders.append(json.loads(Path(order["spec"]).read_bytes()) | order)
        return {"outcome": self.outcome}


@pytest.mark.parametrize(
    ("outcome", "told"), [("timeout", "It took too long."), ("oom", "It needed too much memory.")]
)
def test_a_limit_is_told_in_place_of_the_picture_and_met_once(
    client, edition, monkeypatch, outcome, told
):
    client.force_login(superuser())
    service = Served(outcome)
    monkeypatch.setattr(served, "ask", service)
    answer = client.get(address(edition, "picture", "small", 2, FILE))
    text = " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())
    assert (answer.status_code, answer["Content-Type"], text) == (
        503, "image/svg+xml", f"It could not be drawn. {told}",
    )  # fmt: skip
    client.get(address(edition, "picture", "small", 2, FILE))
    asked = [(o["run"]["first"], o["run"]["last"], o["patient"]) for o in service.orders]
    assert asked == [(1, 12, True), (2, 2, True)]
    client.get(address(edition, "picture", "small", 3, FILE))
    assert [o["run"]["first"] for o in service.orders] == [1, 2, 3]


def test_a_service_that_is_busy_is_asked_again(edition, monkeypatch):
    service = Served("busy")
    monkeypatch.setattr(served, "ask", service)
    sha256 = edition.artefacts.get().artefact_id
    for _ in range(2):
        with pytest.raises(NotDrawn):
            page_picture(sha256, page=1, size="large")
    assert len(service.orders) == 2


def test_a_marked_file_that_meets_a_limit_is_told_on_the_plan(client, edition, monkeypatch):
    client.force_login(superuser())
    service = Served("oom")
    monkeypatch.setattr(served, "ask", service)
    for _ in range(2):
        answer = client.get(address(edition, "marked", FILE), follow=True)
        assert "It needed too much memory." in answer.content.decode()
    assert len(service.orders) == 1


def test_a_page_is_shown_without_frames_where_it_cannot_be_drawn(client, edition, monkeypatch):
    client.force_login(superuser())
    monkeypatch.setattr(served, "ask", Served("render_crash"))
    page = client.get(address(edition, "page", 2, FILE)).content.decode()
    assert ("pm-proof__box" in page, "Moon lamp" in page) == (False, True)


def test_memory_that_a_page_may_take_is_limited(edition, monkeypatch):
    monkeypatch.setattr(thumbnails, "MEMORY_MB", 40)
    with pytest.raises(NotDrawn) as caught:
        page_picture(edition.artefacts.get().artefact_id, page=1, size="large")
    assert caught.value.params["why"] == served.REASONS["oom"]


def test_the_marked_file_frames_what_changed_and_says_what(client, edition, tmp_path):
    client.force_login(superuser())
    answer = client.get(address(edition, "marked", FILE))
    (tmp_path / "marked.pdf").write_bytes(b"".join(answer.streaming_content))
    with pikepdf.open(tmp_path / "marked.pdf") as file:
        notes = [
            (number, [float(n) for n in note.Rect], str(note.T), str(note.Contents))
            for number, page in enumerate(file.pages, 1)
            for note in page.get("/Annots", [])
        ]
    frame = [57.5, 517.5, 302.5, 722.5]
    told = "name: Lamp → Moon lamp\nean: – → SECRET\nPrices: €10.00 → –"
    told += "\ncross_sell: – → L2, L3"
    assert notes == [
        (2, frame, "L1: Changed", told),
        (2, frame, "L2", "Before on page 2"),
        (4, frame, "L4: Added", ""),
    ]


def test_a_comment_is_written_read_and_settled(client, edition):
    client.force_login(superuser())
    there = address(edition, "page", 2, FILE)
    client.post(address(edition, "comment", 2, FILE), {"text": " Too <b>dark</b> "})
    comment = PageComment.objects.get()
    assert (comment.text, comment.author, comment.page) == ("Too <b>dark</b>", "anna", 2)
    assert "Too &lt;b&gt;dark&lt;/b&gt;" in client.get(there).content.decode()
    assert "one comment" in client.get(address(edition, "change")).content.decode()
    client.post(address(edition, "settle", comment.pk))
    comment.refresh_from_db()
    assert comment.settled_by == "anna"
    assert "one comment" not in client.get(address(edition, "change")).content.decode()


@pytest.mark.parametrize(("page", "text"), [(2, ""), (2, "x" * 4001), (9, "Fine")])
def test_an_empty_comment_or_one_on_no_page_is_refused(client, edition, page, text):
    client.force_login(superuser())
    client.post(address(edition, "comment", page, FILE), {"text": text})
    assert PageComment.objects.count() == 0


def test_who_only_looks_neither_comments_nor_arranges(client, edition):
    client.force_login(person("otto", ("view_edition", "view_output"), output="view"))
    assert client.post(address(edition, "comment", 2, FILE), {"text": "x"}).status_code == 403
    sent = {"move": "pin", "identifier": "L1", "file": FILE, "to": "3"}
    assert client.post(address(edition, "arrange"), sent).status_code == 403
    edition.output.refresh_from_db()
    assert (PageComment.objects.count(), edition.output.options) == (0, {})


def test_the_first_edition_says_that_there_is_nothing_to_compare(client, edition):
    client.force_login(superuser())
    first = Edition.objects.get(number=1)
    assert "nothing to compare" in client.get(address(first, "changes")).content.decode()
