import pytest
from django.urls import reverse

from pim.api.v1.parsers import loads
from pim.content.nul import HoldsNul
from pim.models import GroupType, ReferenceEntity

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1/outputs/a%00b", "/api/v1/rules/%00", "/nothing/%00"])
def test_an_address_with_a_nul_is_none(admin_client, path):
    assert admin_client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/jobs?kind=a%00b", "/api/v1/quality/days?code=%00"])
def test_a_parameter_with_a_nul_is_a_bad_request(admin_client, path):
    answer = admin_client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_documents_hold_no_nul_but_may_speak_of_it():
    assert loads(rb'{"a": "\\u0000"}') == {"a": "\\u0000"}
    for text in (rb'["\u0000"]', rb'["\\\u0000"]'):
        with pytest.raises(HoldsNul):
            loads(text)


def test_a_body_of_our_own_api_names_the_place(admin_client):
    document = '{"code": "x", "labels": {"en": "a\\u0000b"}}'
    answer = admin_client.put("/api/v1/rules/x", document, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "nul")
    assert answer.json()["detail"].startswith("“labels.en” holds a NUL character")


@pytest.mark.parametrize("typed", [{"labels__en": "a\x00b"}, {"code": "a\x00"}])
def test_a_form_of_the_desk_names_its_field(admin_client, typed):
    form = {"code": "series", "labels__en": "Series"} | typed
    answer = admin_client.post(reverse("admin:pim_grouptype_add"), form)
    assert answer.status_code == 422
    assert answer.content.decode() == (
        f"“{next(iter(typed))}” holds a NUL character: take it out and send it again."
    )
    assert not GroupType.objects.exists()


def test_a_grid_of_the_desk_holds_no_nul(admin_client):
    rows = '[{"code": "story", "labels": {"en": "a\\u0000b"}}]'
    form = {"code": "brands", "labels__en": "Brands", "record_fields": rows}
    answer = admin_client.post(reverse("admin:pim_referenceentity_add"), form)
    assert answer.status_code == 422
    assert not ReferenceEntity.objects.exists()
    spoken = form | {"record_fields": rows.replace("\\u", "\\\\u")}
    assert admin_client.post(reverse("admin:pim_referenceentity_add"), spoken).status_code == 302
