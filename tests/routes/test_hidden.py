"""Hidden things by their codes: no answer to anybody limited may hold one, whoever asks for what.

Every row of `table.txt` that reads, as every role that is answered there; and, as the keeper, to
whom every page is open that can be: each row of each table, searches, choices, pages in other
contexts, exported files.
"""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.template import Template
from django.test.utils import _TestState

from pim.actions.exports import queue_export
from pim.actions.jobs.run import run_job
from pim.models import Change, Product

from .hidden import ALSO, HIDDEN, ITEM, LOCALE, MODEL, limited_roles, set_hidden_stage
from .stage import NOW, PEOPLE, address_of, machines, people
from .test_routes import READS, read_table

pytestmark = pytest.mark.django_db

# Feeds and public pages know audiences and keys, never roles: nobody is asked there.
PUBLIC = re.compile(r"/(feeds|p|01|q|out|kiosk)/")
# What is the same for everybody; the desk's first page is asked for with its frame.
ALIKE = ("/admin/", "/api/schema/", "/api/rest/v1")
# "model.field=what is typed"
CHOICES = (
    "familyattribute.attribute=zq",
    "attribute.group=zq",
    "category.image=zq",
    "category.parent=zq",
    "channel.locales=yo",
    "channel.price_lists=zq",
    "pricefact.price_list=zq",
    "pricefact.product=zq",
    "task.product=zq",
)
ASKED = (
    "/admin/search/?s=zq",
    "/admin/search/?s=hall",
    "/admin/pim/product/?q=hall",
    "/admin/pim/product/?q=porch",
    "/admin/pim/product/?q=few",
    "/admin/pim/product/translate/?locale=fi",
    "/admin/pim/asset/?q=zq",
    "/admin/pim/asset/pick/?q=zq",
    "/admin/pim/product/pick/options/?attribute=zqchoice",
    "/admin/pim/change/?q=zq",
    "/admin/pim/logentry/?q=zq",
    "/admin/pim/quality/?channel=web&locale=en",
    "/api/rest/v1/asset-families/photos/assets",
    "/api/rest/v1/asset-families/assets/assets",
    "/api/rest/v1/media-files?with_count=true",
    "/api/rest/v1/products/V1",
    "/api/rest/v1/products/V1?with_attribute_options=true",
    "/api/rest/v1/products?with_completenesses=true&with_quality_scores=true",
    "/api/rest/v1/products?attributes=spare",
    '/api/rest/v1/products?search={"parent":[{"operator":"NOT EMPTY"}]}',
    '/api/rest/v1/categories?search={"parent":[{"operator":"=","value":"master"}]}',
    "/api/rest/v1/attributes?with_table_select_options=true",
    "/api/v1/assets/lamp/uses",
    "/api/v1/products/V1",
    "/api/v1/products/V1?state=published",
    "/api/v1/products/L1?state=published",
    "/api/v1/products/L1/versions",
    "/api/v1/products/L1/versions/differences?from=0&to=1",
    "/api/v1/products/V1/versions/differences?from=0&to=1",
    "/api/v1/products/V1/quality",
    "/api/v1/products/L1/quality",
    "/api/v1/quality?channel=web",
    "/api/v1/translations?locale=fi&source=en",
)


@pytest.fixture
def stage(db):
    set_hidden_stage()
    roles = limited_roles()
    return {"people": people(roles), "machines": machines(roles)}


def body_of(stage, person: str, address: str) -> str:
    """Return what a person, or for the PIM REST API their machine, reads at the address."""
    kind = "machines" if address.startswith(("/api/rest", "/api/oauth")) else "people"
    response = stage[kind][person].get(address)
    body = response.getvalue() if response.streaming else response.content
    return body.decode("utf-8", "replace")


def met(stage, person: str, addresses) -> list[str]:
    """Return where hidden codes were met, and in what words."""
    found = []
    hidden = (*HIDDEN, *ALSO, *uuids())
    for address in dict.fromkeys(a for a in addresses if not PUBLIC.match(a)):
        text = body_of(stage, person, address)
        codes = [code for code in hidden if code in text]
        found += [f"{address} holds {code}: {_around(text, code)}" for code in codes]
    return found


def uuids() -> list[str]:
    """Return the uuids of the hidden products: references name them so."""
    rows = Product.objects.filter(identifier__in=[MODEL, ITEM]).values_list("uuid", flat=True)
    return [str(uuid) for uuid in rows]


def _around(text: str, code: str) -> str:
    place = text.index(code)
    return " ".join(text[max(0, place - 60) : place + 40].split())


def undress(monkeypatch) -> None:
    """Leave out the frame of the desk's pages, which names pages and no content, and copies of
    what templates are given: together they are half of what the pages cost."""
    monkeypatch.setattr(type(admin.site), "get_app_list", lambda *_given, **_more: [])
    monkeypatch.setattr(type(admin.site), "get_sidebar_list", lambda *_given: [])
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


def answered(person: str) -> list[str]:
    """Return the addresses of the rows that answer somebody with content, the keeper as the boss.

    What is refused is refused in the same words whatever it is about.
    """
    place = PEOPLE.index(person if person in PEOPLE else "boss")
    rows = read_table().items()
    found = [address_of(r) for (m, r), statuses in rows if m in READS and statuses[place] == 200]
    return found if person == "keeper" else [a for a in found if a not in ALIKE]


def test_no_answer_holds_the_code_of_a_hidden_thing(stage, monkeypatch):
    found = {person: met(stage, person, ["/admin/"]) for person in limited_roles()}
    undress(monkeypatch)
    for person in found:
        found[person] += met(stage, person, answered(person))
    met_by_all = [f"{person}: {words}" for person, held in found.items() for words in held]
    assert met_by_all == [], "\n".join(met_by_all)


def test_no_row_search_choice_or_context_shows_a_hidden_thing(stage, monkeypatch):
    undress(monkeypatch)
    variant = Product.objects.get(identifier="V1").pk
    asked = [
        *ASKED,
        *(_choice(words) for words in CHOICES),
        *(address for method, route in read_table() for address in _rows(method, route)),
        *(f"/admin/pim/product/{variant}/{page}/" for page in
          ("change", "history", "talk", "family", "past", "variants")),
        f"/admin/pim/product/{variant}/change/?channel=web&locale=fi",
        f"/admin/pim/product/{variant}/past/?moment=2026-11-26T08:00&what=draft",
    ]  # fmt: skip
    found = met(stage, "keeper", asked)
    assert found == [], "\n".join(found)


def _choice(words: str) -> str:
    model, _dot, rest = words.partition(".")
    field, _equals, term = rest.partition("=")
    return f"/admin/autocomplete/?app_label=pim&model_name={model}&field_name={field}&term={term}"


def _rows(method: str, route: str) -> list[str]:
    """Return the addresses of the page of one row, for the newest rows of its table."""
    model = re.fullmatch(r"admin/(pim|syndication)/(\w+)/<path:object_id>/(change)/", route)
    if method != "GET" or not model:
        return []
    app, name, page = model.groups()
    newest = apps.get_model(app, name).objects.order_by("-pk")
    rows = newest.values_list("pk", flat=True)[:12]
    return [f"/admin/{app}/{name}/{pk}/{page}/" for pk in rows]


def test_exported_files_hold_no_hidden_thing(stage):
    keeper = User.objects.get(username="keeper")
    for form in (("csv", "people"), ("csv", "machines"), ("jsonl", "machines")):
        settings = {"format": form[0], "audience": form[1], "associations": True}
        job = queue_export({"all": True}, settings, title="All", user=keeper)
        run_job(job.pk, at=NOW)
        job.refresh_from_db()
        text = job.result.open("rb").read().decode()
        assert "V1" in text
        assert [code for code in (*HIDDEN, *ALSO, *uuids()) if code in text] == []


def test_the_hidden_things_are_there_for_who_may_see_them(stage):
    text = "".join(
        body_of(stage, "boss", address)
        for address in ("/api/rest/v1/families", "/api/rest/v1/families/lamp/variants",
                        "/api/rest/v1/products", "/api/rest/v1/channels", "/api/v1/products/L1",
                        "/api/rest/v1/media-files",
                        "/admin/pim/change/", "/admin/syndication/output/")
    )  # fmt: skip
    assert [code for code in HIDDEN if code not in text and code != LOCALE] == []
    assert Change.objects.filter(subject=f"locale:{LOCALE}").exists()
