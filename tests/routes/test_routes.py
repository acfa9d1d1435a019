"""Every route as every role: what each is answered is written down, route by route.

The rows of `table.txt` are "METHOD route: status of boss, manager, translator, printer,
connection, viewer, stranger". A route without a row fails: whoever adds one says who may use it.
`PIM_WRITE_ROUTES=1` writes the rows of new routes as they answer now: read them before you keep
them.
"""

import os
from pathlib import Path

import pytest
from django.db import transaction

from pim.queries.structure import forget_structure

from .stage import PEOPLE, SECRETS, address_of, machines, people, routes, set_stage

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parent / "table.txt"
READS = ("GET", "HEAD")
# What is sent where something is written; enough to be judged, seldom enough to be done.
BODIES = {
    "people": ("application/x-www-form-urlencoded", b"decision=reject&slice=all"),
    "machines": ("application/json", b"{}"),
}


def read_table() -> dict[tuple[str, str], list[int]]:
    """Return {(method, route): statuses in the order of PEOPLE}."""
    found = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            place, _colon, statuses = line.rpartition(": ")
            method, _space, route = place.partition(" ")
            found[method, route] = [int(status) for status in statuses.split()]
    return found


def test_every_route_has_its_row_and_every_row_its_route():
    listed = list(dict.fromkeys(route for _method, route in read_table()))
    assert sorted(listed) == sorted(routes())


@pytest.fixture
def stage(db):
    set_stage()
    return {"people": people(), "machines": machines()}


def ask(stage, person: str, method: str, route: str):
    """Return what a person, or for the PIM REST API their machine, is answered."""
    kind = "machines" if route.startswith(("api/rest", "^api/rest", "api/oauth")) else "people"
    client, address = stage[kind][person], address_of(route)
    if method in READS:
        return client.get(address)
    # What is written is taken back: no answer depends on the ones before it.
    with transaction.atomic():
        content_type, body = BODIES[kind]
        response = client.generic(method, address, body, content_type=content_type)
        transaction.set_rollback(True)
    forget_structure()
    return response


@pytest.mark.parametrize("person", PEOPLE)
def test_every_route_answers_as_the_table_says(stage, person):
    place = PEOPLE.index(person)
    expected = {key: statuses[place] for key, statuses in read_table().items()}
    answers, met = {}, []
    for method, route in expected:
        response = ask(stage, person, method, route)
        answers[method, route] = response.status_code
        met += [(route, secret) for secret in _met(response, person)]
    assert answers == expected
    assert met == []


def _met(response, person: str) -> list[str]:
    """Return the secrets in an answer that this person must not meet."""
    body = response.getvalue() if response.streaming else response.content
    text = body.decode("utf-8", "replace")
    return [secret for secret, barred in SECRETS.items() if person in barred and secret in text]


@pytest.mark.parametrize("secret", SECRETS)
def test_the_secrets_are_there_for_who_may_see_them(stage, secret):
    model = "asset" if secret == "SECRETMEDIUM" else "product"
    response = ask(stage, "boss", "GET", f"admin/pim/{model}/<path:object_id>/change/")
    page = response.content.decode()
    if secret == "SECRETSWEDISH":
        page = stage["people"]["boss"].get(f"{response.request['PATH_INFO']}?locale=sv-FI")
        page = page.content.decode()
    assert secret in page


if os.environ.get("PIM_WRITE_ROUTES"):

    def test_write_the_rows_of_new_routes(stage):
        """For who has added routes: writes what they answer now, to be read and judged."""
        lines = TABLE.read_text("utf-8").splitlines()
        here, known = set(routes()), {route for _method, route in read_table()}
        kept = [ln for ln in lines if ln.rpartition(": ")[0].partition(" ")[2] in here]
        for route in (route for route in routes() if route not in known):
            method = "POST" if ask(stage, "boss", "GET", route).status_code == 405 else "GET"
            found = [ask(stage, person, method, route).status_code for person in PEOPLE]
            kept.append(f"{method} {route}: {' '.join(map(str, found))}")
        TABLE.write_text("\n".join(kept) + "\n", "utf-8")
