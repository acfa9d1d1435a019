"""Packaging typed in a real browser: wrong cells say so at once, good ones are saved."""

import shutil

import pytest

from pim.models import Draft, Product
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import superuser
from tests.factories.packing import gtin, with_packaging

from .test_desk import browser

__all__ = ["browser"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium"),
]


def test_a_level_is_added_mended_and_saved(browser, live_server, settings):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.wait import WebDriverWait

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    lamp_catalogue()
    with_packaging()
    write(wish("SOLO", family="lamp", at={"ean||": gtin(1)}))
    superuser()

    def find(selector):
        return browser.find_element(By.CSS_SELECTOR, selector)

    def until(test):
        WebDriverWait(browser, 10).until(lambda _driver: test())

    browser.get(f"{live_server.url}/admin/")
    find("[name=username]").send_keys("anna")
    find("[name=password]").send_keys("secret-enough")
    find("form button[type=submit]").click()
    find(".pm-dash")
    page = f"{live_server.url}/admin/pim/product/{Product.objects.get().pk}/change/"
    browser.get(f"{page}?channel=web&locale=en#field-packs")
    add = browser.find_elements(By.CSS_SELECTOR, ".pm-packs__add button")
    assert [button.text for button in add] == ["+ Inner pack", "+ Case", "+ Display", "+ Pallet"]
    add[1].click()
    number, quantity = (find(f'[data-cell="case|{part}"] input') for part in ("gtin", "quantity"))
    number.send_keys("123")
    quantity.send_keys("6")
    until(lambda: "no GTIN" in find('[data-cell="case|gtin"].is-wrong small').text)
    number.clear()
    number.send_keys(gtin(1, indicator="1"))
    until(lambda: find('[data-cell="case|base_units"] output').text == "6")
    assert browser.find_elements(By.CSS_SELECTOR, ".pm-packs .is-wrong") == []
    find('[name="_save"]').click()
    until(lambda: Draft.objects.get(locale="").values.get("packs"))
    assert Draft.objects.get(locale="").values["packs"][""] == [
        {"level": "each", "base_units": 1},
        {"level": "case", "gtin": gtin(1, indicator="1"), "contains": "each", "quantity": 6,
         "base_units": 6},
    ]  # fmt: skip
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []
