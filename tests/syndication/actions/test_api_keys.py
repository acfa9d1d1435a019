"""API keys: shown once, kept as an HMAC, noted as used once an hour."""

from datetime import timedelta

import pytest

from syndication.actions.api_keys import check_key, create_key
from tests.factories.lamps import NOW

pytestmark = pytest.mark.django_db


def test_a_key_is_found_by_its_text_only():
    key, text = create_key("shop", channel="web", audiences=["b", "a"], may_issue=True)
    assert check_key(text, at=NOW) == key
    for wrong in (text + "x", key.prefix, f"{key.prefix}.", "", text.upper(), key.secret_hmac):
        assert check_key(wrong, at=NOW) is None
    key.refresh_from_db()
    assert (key.channel, key.audiences, key.may_issue) == ("web", ["a", "b"], True)


def test_the_secret_is_not_stored():
    key, text = create_key("shop")
    secret = text.partition(".")[2]
    assert secret not in str(type(key).objects.values_list())
    assert len(key.secret_hmac) == 64


def test_another_pepper_makes_the_key_worthless(settings):
    _key, text = create_key("shop")
    settings.API_KEY_PEPPER = "another"
    assert check_key(text, at=NOW) is None


def test_use_is_noted_once_an_hour():
    key, text = create_key("shop")
    noted = []
    for minutes in (0, 30, 61):
        check_key(text, at=NOW + timedelta(minutes=minutes))
        key.refresh_from_db()
        noted.append(key.last_used_at)
    assert noted == [NOW, NOW, NOW + timedelta(minutes=61)]
