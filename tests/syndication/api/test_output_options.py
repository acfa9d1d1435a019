"""The options of an output over the API: checked, all reasons at once, nothing lost unseen."""

import pytest

from syndication.models import AuditEntry, Output

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/outputs/book/options"
JSON = {"content_type": "application/json"}


@pytest.fixture
def output() -> Output:
    return Output.objects.create(
        code="book", name="Book", kind="catalogue", channel="web", locales=["en"]
    )


def patched(client, body, **headers):
    return client.patch(ADDRESS, body, headers=headers, **JSON)


def held() -> dict:
    return Output.objects.get().options


def test_what_is_set_and_what_may_be_is_told(admin_client, output):
    answer = admin_client.get(ADDRESS)
    document = answer.json()
    known = {one["code"]: one for one in document["known"]}
    assert list(known) == list(document["options"])
    assert (document["options"]["index"], known["index"]["kind"]) == (True, "boolean")
    assert [c["code"] for c in known["placing"]["columns"]][:2] == ["when", "of"]
    assert answer["ETag"] == f'"{output.pk}-{output.row_version}"'


def test_options_are_set_and_go_back_to_their_default(admin_client, output):
    tag = admin_client.get(ADDRESS)["ETag"]
    rule = {"when": "product", "of": "L1", "then": "pin", "page": 2}
    answer = patched(admin_client, {"title": "Lamps", "placing": [rule]}, **{"If-Match": tag})
    assert (answer.status_code, held()) == (200, {"title": "Lamps", "placing": [rule]})
    patched(admin_client, {"title": None}, **{"If-Match": answer["ETag"]})
    assert held() == {"placing": [rule]}
    assert [row.note for row in AuditEntry.objects.order_by("id")] == ["placing, title", "title"]


def test_every_reason_is_told_and_nothing_is_set(admin_client, output):
    body = {
        "nothing": 1,
        "index": "yes",
        "title": 3,
        "placing": [{"when": "sometimes"}, {"of": "L1"}, {"when": "product", "colour": "red"}],
    }
    answer = patched(admin_client, body, **{"If-Match": "*"})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [
        "nothing", "index", "title", "placing[1].when", "placing", "placing[3].colour",
    ]  # fmt: skip
    assert (held(), AuditEntry.objects.count()) == ({}, 0)


@pytest.mark.parametrize(("tag", "status"), [("", 428), ('"1-99"', 412)])
def test_nobody_overwrites_what_was_not_read(admin_client, output, tag, status):
    answer = patched(admin_client, {"title": "Lamps"}, **({"If-Match": tag} if tag else {}))
    assert (answer.status_code, held()) == (status, {})
