import pytest

from pim.api.v1.parsers import loads

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
        with pytest.raises(ValueError, match="NUL"):
            loads(text)
