"""Two-way tables in a real browser: what is chosen is read whole, in every language."""

import shutil

import pytest

from pim.models import Family
from tests.factories.catalogue import lamp_catalogue
from tests.factories.desk import superuser

from .browser import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium"),
]

# The room that a choice has for its text, and the text's width.
ROOM = """
return [...document.querySelectorAll(".pm-matrix select")].map(select => {
  const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const text = select.selectedOptions[0].text;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return [text, room >= Math.floor(pen.measureText(text).width)];
});
"""


def test_what_a_family_requires_is_not_cut(client, live_server, settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    lamp_catalogue()
    client.force_login(superuser())
    page = f"{live_server.url}/admin/pim/family/{Family.objects.get().pk}/change/"
    with chromium(width=1400, height=1000) as browser:
        browser.get(f"{live_server.url}/healthz")
        browser.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})
        for language in ("en", "fi", "de"):
            browser.add_cookie({"name": "django_language", "value": language})
            browser.get(page)
            browser.execute_script(
                "document.querySelector('.pm-matrix select').selectedIndex = 2"  # the longest
            )
            seen = dict(browser.execute_script(ROOM))
            assert len(seen) == 3
            assert [text for text, fits in seen.items() if not fits] == []
