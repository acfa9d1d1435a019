"""The kiosk in a real browser: offline with the server stopped, idle reset, updates at rest."""

import shutil

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.factories import listings as samples
from tests.factories import pictures, shelves

from .browser import StoppableServer, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]
LOCALES = ("en", "de", "ar")


@pytest.fixture
def totem(settings, tmp_path):
    settings.ARTEFACT_ROOT, settings.ASSET_ROOT = tmp_path / "artefacts", tmp_path / "assets"
    shelves.open_shop()
    output = shelves.landing_output(
        code="totem", kind="kiosk", combined=True, options={"idle_seconds": 4}
    )
    _issue(output, 6, tmp_path)
    return output


def _issue(output, count: int, folder):
    painted = pictures.paint(folder, count=2)
    units = {code: samples.units(count, code, pictures=painted) for code in LOCALES}
    return shelves.issue(output, units, folder)


@pytest.fixture
def server(totem):
    server = StoppableServer()
    yield server
    server.stop()


@pytest.fixture
def driver():
    with chromium() as driver:
        yield driver


def _until(driver, script: str, seconds: int = 60):
    return WebDriverWait(driver, seconds).until(lambda d: d.execute_script(f"return {script}"))


def _open(driver, server):
    driver.get(f"{server.url}/kiosk/totem/")
    _until(driver, "document.documentElement.dataset.offline === 'true'")


def _texts(driver, selector: str) -> list[str]:
    return [e.text for e in driver.find_elements(By.CSS_SELECTOR, selector)]


def _press(driver, selector: str):
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def test_kiosk_works_with_the_server_stopped_reload_and_all(driver, server):
    _open(driver, server)
    server.stop()
    driver.refresh()
    _until(driver, "document.querySelectorAll('.begin button').length === 3")
    _press(driver, ".begin button[lang=de]")
    _until(driver, "document.querySelector('.category')")
    _press(driver, ".category")
    _until(driver, "document.querySelector('.card')")
    _press(driver, ".card")
    _until(driver, "document.querySelector('.product h1')")
    driver.refresh()
    _until(driver, "document.querySelector('.gallery img')?.naturalWidth > 0")
    assert driver.execute_script("return document.documentElement.lang") == "de"
    assert driver.execute_script("return document.querySelector('.qr path').getAttribute('d')")
    faults = [e for e in driver.get_log("browser") if "Content Security" in e["message"]]
    assert faults == []


def test_right_to_left_languages_turn_the_page(driver, server):
    _open(driver, server)
    _press(driver, ".begin button[lang=ar]")
    _until(driver, "document.querySelector('.category')")
    assert driver.execute_script("return getComputedStyle(document.body).direction") == "rtl"


def test_search_finds_by_name_and_article_number(driver, server):
    _open(driver, server)
    driver.get(f"{server.url}/kiosk/totem/#/en/search/lamp")
    _until(driver, "document.querySelectorAll('.results .card').length === 1")
    _press(driver, ".results .card")
    _until(driver, "document.querySelector('.product')")
    assert "lamp" in _texts(driver, ".product h1")[0].lower()


def test_idle_warns_can_be_extended_and_then_clears_everything(driver, server):
    _open(driver, server)
    driver.get(f"{server.url}/kiosk/totem/#/de/search/hemd")
    _until(driver, "document.querySelector('#idle').open", 15)
    _press(driver, "#idle .stay")
    assert driver.execute_script("return document.querySelector('#idle').open") is False
    assert driver.execute_script("return location.hash") == "#/de/search/hemd"
    _until(driver, "document.querySelector('#idle').open", 15)
    _until(driver, "document.querySelector('.attract')", 30)
    assert driver.execute_script("return location.hash") == ""
    assert driver.execute_script("return document.documentElement.lang") == "en"


def test_new_content_waits_until_the_visitor_has_gone(driver, server, totem, tmp_path):
    _open(driver, server)
    driver.get(f"{server.url}/kiosk/totem/#/en/home")
    _until(driver, "document.querySelector('.category')")
    before = driver.execute_async_script(VERSION)
    _issue(totem, 7, tmp_path)
    driver.execute_script("navigator.serviceWorker.controller.postMessage({type: 'check'})")
    _until(driver, "idle.pending === true")
    assert driver.execute_script("return store.bundle.version") == before
    _press(driver, ".bar button:last-child")
    WebDriverWait(driver, 30).until(lambda d: d.execute_async_script(VERSION) != before)
    assert driver.execute_script("return here().view") == "attract"


def test_a_broken_file_never_replaces_the_running_bundle(driver, server, totem, tmp_path, settings):
    _open(driver, server)
    before = driver.execute_async_script(VERSION)
    edition = _issue(totem, 7, tmp_path)
    data = edition.artefacts.filter(name__startswith="data.de").get().artefact_id
    path = settings.ARTEFACT_ROOT / data[:2] / data[2:4] / data
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-10] + b"0123456789")
    answer = driver.execute_async_script(
        """const done = arguments[0];
        navigator.serviceWorker.addEventListener("message", (e) => {
          if (e.data.type === "failed") done(e.data.reason);
        });
        navigator.serviceWorker.controller.postMessage({ type: "check" });"""
    )
    assert "not the bytes" in answer
    assert driver.execute_async_script(VERSION) == before


def test_targets_are_large_enough_for_a_finger(driver, server):
    _open(driver, server)
    small = []
    for place in ("", "#/en/home", "#/en/search/"):
        driver.get(f"{server.url}/kiosk/totem/{place}")
        driver.refresh()
        _until(driver, "document.querySelector('button')")
        small += driver.execute_script(
            """return [...document.querySelectorAll("button, a")].filter((e) => e.offsetParent)
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 48 || box.height < 48).map(([text]) => text)"""
        )
    assert small == []


VERSION = """const done = arguments[0];
fetch("bundle.json").then((r) => r.json()).then((m) => done(m.version));"""
