"""Landing pages in a real browser: every width and direction, without script, with our fonts."""

import shutil

import pytest
from selenium.webdriver.common.by import By

from tests.factories import listings as samples
from tests.factories import pictures, shelves

from .browser import StoppableServer, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]
WIDTHS = (320, 390, 1080, 1400)


@pytest.fixture
def server(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"
    shelves.open_shop()
    shelves.landing_output()
    painted = pictures.paint(tmp_path, count=2)
    for locale in ("en", "de", "ar"):
        for unit in samples.units(6, locale, pictures=painted):
            shelves.put(unit, locale)
    shelves.put(samples.hostile_unit("en"), "en")
    server = StoppableServer()
    yield server
    server.stop()


@pytest.fixture
def driver():
    with chromium(width=1400, height=1000) as driver:
        yield driver


def _size(driver, width: int):
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def _faults(driver) -> list[str]:
    log = [entry["message"] for entry in driver.get_log("browser")]
    return [line for line in log if "favicon" not in line]


def test_no_page_is_wider_than_its_screen_and_none_breaks_its_policy(driver, server):
    places = ["p/en/", "p/en/shirt-001", "p/ar/shirt-001", "p/de/lamp-001", "p/en/hostile"]
    wide = []
    for place in places:
        for width in WIDTHS:
            _size(driver, width)
            driver.get(f"{server.url}/{place}")
            if driver.execute_script("return document.documentElement.scrollWidth") > width:
                wide.append((place, width))
    assert wide == []
    assert _faults(driver) == []


def test_picture_and_web_font_are_shown(driver, server):
    driver.get(f"{server.url}/p/en/shirt-001")
    driver.execute_async_script("document.fonts.ready.then(arguments[0])")
    image = driver.find_element(By.CSS_SELECTOR, ".gallery .main img")
    assert driver.execute_script("return arguments[0].naturalWidth > 0", image)
    loaded = driver.execute_script(
        "return [...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)"
    )
    assert {name.strip('"') for name in loaded} >= {"Noto Sans", "Noto Serif Display"}


def test_language_switch_keeps_the_product(driver, server):
    driver.get(f"{server.url}/p/en/shirt-001")
    driver.find_element(By.CSS_SELECTOR, ".languages a[lang=ar]").click()
    assert driver.current_url == f"{server.url}/p/ar/shirt-001"
    assert driver.execute_script("return getComputedStyle(document.body).direction") == "rtl"


def test_page_is_complete_without_script(driver, server):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    driver.get(f"{server.url}/p/de/shirt-001")
    shown = [
        driver.find_element(By.CSS_SELECTOR, s).is_displayed()
        for s in (
            "h1",
            ".price",
            ".specs table",
            "table.variants",
            ".qr img",
            ".languages",
        )
    ]
    assert shown == [True] * 6
