"""An address must fit its attribute's flags."""

import pytest

from pim.content.address import Address, check_address
from pim.content.locales import to_bcp47, to_posix
from pim.content.refusals import Refused
from tests.factories.structures import small_structure

S = small_structure()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (Address("nope"), "unknown_code"),
        (Address("name"), "wrong_locale"),
        (Address("pieces", "", "en"), "wrong_locale"),
        (Address("name", "", "xx"), "unknown_code"),
        (Address("legal", "", "en"), "wrong_locale"),
        (Address("name", "web", "en"), "wrong_channel"),
        (Address("story", "", "en"), "wrong_channel"),
        (Address("story", "shop", "en"), "unknown_code"),
        (Address("story", "web", "de"), "wrong_locale"),
    ],
)
def test_address_that_does_not_fit_is_refused(address, code):
    with pytest.raises(Refused) as refused:
        check_address(address, S)
    assert refused.value.code == code


def test_address_that_fits_gives_the_attribute():
    assert check_address(Address("story", "web", "en"), S) is S.attributes["story"]
    assert Address("story", "web", "en").key() == "story|web|en"


def test_locale_codes_have_two_spellings():
    for code, tag in (("en_us", "en-US"), ("zh-hant_hk", "zh-Hant-HK"), ("es_419", "es-419")):
        assert to_bcp47(code) == tag
    assert to_posix("zh-Hant-HK") == "zh_Hant_HK"
