"""Hidden things by their codes: no answer to anybody limited may hold one, whoever asks for what.

Every row of `table.txt` that reads, as every role; and, as the keeper, to whom every page is open
that can be: each row of each table, searches, choices, pages in other contexts, exported files.
"""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from pim.actions.exports import queue_export
from pim.actions.jobs.run import run_job
from pim.models import Change, Product

from .hidden import ALSO, HIDDEN, LOCALE, limited_roles, set_hidden_stage
from .stage import NOW, address_of, machines, people
from .test_routes import READS, read_table

pytestmark = pytest.mark.django_db

_PUBLIC = "feeds and public pages know audiences and keys, never roles"
_GRIDS = r"^/admin/pim/(attribute|assetfamily|measurementfamily|referenceentity)/(add|\d+/change)/"
_TABLES = "tables of units, fields and options are edited whole, in all locales"
# {(address as a pattern, code): why it may stand there}
ALLOWED = {
    **{(r"^/(feeds|p|01|q|out|kiosk)/", code): _PUBLIC for code in (*HIDDEN, *ALSO)},
    (_GRIDS, LOCALE): _TABLES,
}
# "model.field=what is typed"
CHOICES = (
    "familyattribute.attribute=zq",
    "attribute.group=zq",
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
    "/admin/pim/change/?q=zq",
    "/admin/pim/logentry/?q=zq",
    "/admin/pim/quality/?channel=web&locale=en",
    "/api/rest/v1/products/V1",
    "/api/rest/v1/products/V1?with_attribute_options=true",
    "/api/rest/v1/products?with_completenesses=true&with_quality_scores=true",
    "/api/rest/v1/products?attributes=spare",
    '/api/rest/v1/products?search={"parent":[{"operator":"NOT EMPTY"}]}',
    '/api/rest/v1/categories?search={"parent":[{"operator":"=","value":"master"}]}',
    "/api/rest/v1/attributes?with_table_select_options=true",
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
    for address in dict.fromkeys(addresses):
        text = body_of(stage, person, address)
        codes = [code for code in (*HIDDEN, *ALSO) if code in text]
        found += [
            f"{address} holds {code}: {_around(text, code)}"
            for code in codes
            if not _allowed(address, code)
        ]
    return found


def _around(text: str, code: str) -> str:
    place = text.index(code)
    return " ".join(text[max(0, place - 60) : place + 40].split())


def _allowed(address: str, code: str) -> bool:
    return any(re.search(where, address) and code == it for where, it in ALLOWED)


@pytest.mark.parametrize("person", limited_roles())
def test_no_answer_holds_the_code_of_a_hidden_thing(stage, person):
    found = met(stage, person, (address_of(r) for method, r in read_table() if method in READS))
    assert found == [], "\n".join(found)


def test_no_row_search_choice_or_context_shows_a_hidden_thing(stage):
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


@pytest.mark.parametrize(
    ("format_", "audience"), [("csv", "people"), ("csv", "machines"), ("jsonl", "machines")]
)
def test_exported_files_hold_no_hidden_thing(stage, format_, audience):
    keeper = User.objects.get(username="keeper")
    settings = {"format": format_, "audience": audience, "associations": True}
    job = queue_export({"all": True}, settings, title="All", user=keeper)
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    text = job.result.open("rb").read().decode()
    assert "V1" in text
    assert [code for code in (*HIDDEN, *ALSO) if code in text] == []


def test_the_hidden_things_are_there_for_who_may_see_them(stage):
    text = "".join(
        body_of(stage, "boss", address)
        for address in ("/api/rest/v1/families", "/api/rest/v1/families/lamp/variants",
                        "/api/rest/v1/products", "/api/rest/v1/channels", "/api/v1/products/L1",
                        "/admin/pim/change/", "/admin/syndication/output/")
    )  # fmt: skip
    assert [code for code in HIDDEN if code not in text and code != LOCALE] == []
    assert Change.objects.filter(subject=f"locale:{LOCALE}").exists()
