"""Accept-Language: weights, wildcards, refusals and fallback to shorter ranges."""

import pytest

from syndication.touchpoints.negotiation import best_locale

HAVE = ["en", "de", "sv-FI", "pt-BR", "ar"]


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("fr, de;q=0.5", "de"),
        ("de;q=0.2, ar;q=0.9", "ar"),
        ("sv", "sv-FI"),
        ("sv-SE, de;q=0.9", "sv-FI"),
        ("pt-PT", "pt-BR"),
        ("fr", "en"),
        ("*", "en"),
        ("en;q=0, *", "de"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=nonsense, ar", "ar"),
        (",;q=1,,ar", "ar"),
        ("de;q=1.7, ar;q=0.3", "ar"),
    ],
)
def test_best_locale(header, locale):
    assert best_locale(header, HAVE) == locale


def test_equal_weights_keep_the_readers_order():
    assert best_locale("ar, de", HAVE) == "ar"
