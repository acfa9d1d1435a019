"""A lamp catalogue grown in languages and options, and what its pages cost."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.models import Attribute, AttributeOption, Channel, Locale

MORE = "ar bg cs da de el es et fr he hi hr hu it ja ko lt lv nl pl pt-BR ro ru sk th zh-CN".split()


def speak_more() -> None:
    """Add the languages MORE, and have the channel web speak them."""
    web = Channel.objects.get(code="web")
    web.locales.add(*(Locale.objects.create(code=code) for code in MORE))


def statements(client, url: str) -> int:
    """Return how many statements a page costs that has been asked for before."""
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def shown(client, url: str) -> str:
    """Return a page that opens."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def choose_among(number: int, attribute: str = "color") -> Attribute:
    """Give an attribute that many options, part_0 and so on; return it."""
    held = Attribute.objects.get(code=attribute)
    AttributeOption.objects.bulk_create(
        AttributeOption(attribute=held, code=f"part_{n}", labels={"en": f"Part no. {n} of oak"})
        for n in range(number)
    )
    return held
