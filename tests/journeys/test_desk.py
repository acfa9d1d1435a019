"""A day at the desk in a real browser: sign in, edit a text, publish, see the version."""

import shutil

import pytest

from pim.models import Draft, Product, Version
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import superuser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium"),
]


@pytest.fixture
def browser():
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.add_argument("--window-size=1400,1000")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.implicitly_wait(5)
    yield driver
    driver.quit()


def test_an_editor_signs_in_edits_publishes_and_sees_the_version(browser, live_server, settings):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.wait import WebDriverWait

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    lamp_catalogue()
    write(wish("SOLO", family="lamp", at={"name||en": "Lamp"}))
    superuser()
    product = Product.objects.get()

    def find(selector):
        return browser.find_element(By.CSS_SELECTOR, selector)

    browser.get(f"{live_server.url}/admin/")
    find("[name=username]").send_keys("anna")
    find("[name=password]").send_keys("secret-enough")
    find("form button[type=submit]").click()
    find(".pm-dash")
    page = f"{live_server.url}/admin/pim/product/{product.pk}/change/"
    browser.get(f"{page}?channel=web&locale=en#field-name")
    name = find("#input-name")
    assert name.is_displayed()
    name.clear()
    name.send_keys("Lamp of birch")
    WebDriverWait(browser, 5).until(lambda _: "[name]" in find(".pm-unsaved").text)
    editor = find('.pm-prose .ProseMirror[contenteditable="true"]')
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", editor)
    ActionChains(browser).move_to_element(editor).click().send_keys("A quiet light.").perform()
    find("[name=_publish]").click()
    WebDriverWait(browser, 10).until(lambda _: Version.objects.filter(product=product).exists())
    find('[data-tab="versions"]').click()
    rows = browser.find_elements(By.CSS_SELECTOR, "#versions tbody tr")
    assert [row.text.split()[0] for row in rows] == ["1"]
    assert find(".pm-head h1").text == "Lamp of birch"
    story = Draft.objects.get(product=product, locale="en").values["story"]
    assert story == {"web": "<p>A quiet light.</p>"}
    faults = [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE"]
    assert faults == []
