"""The flat plan in a real browser: dragged with a pointer, moved with the keyboard, let go."""

import shutil

import pytest
from django.test import Client
from django.urls import reverse
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from syndication.actions.arranging import places_by_hand
from syndication.models import Output
from tests.factories.desk import superuser
from tests.syndication.editions.test_arranging import made

from .browser import StoppableServer, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def plan():
    """Yield a driver on the flat plan of a catalogue, signed in."""
    edition, server = made(), StoppableServer()
    client = Client()
    client.force_login(superuser())
    with chromium(width=1400, height=1000) as driver:
        driver.get(f"{server.url}/admin/login/")
        driver.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})
        driver.get(server.url + reverse("admin:syndication_edition_plan", args=[edition.pk]))
        yield driver
    server.stop()


def product(driver, name: str):
    return driver.find_element(By.CSS_SELECTOR, f'[data-identifier="{name}"]')


def grip(driver, label: str):
    return driver.find_element(By.CSS_SELECTOR, f'[aria-label="{label}"]')


def places(driver, count: int) -> list[str]:
    """Return what was put elsewhere, once the page has come back with so many places."""
    listed = (By.CSS_SELECTOR, ".pm-plan__hand li")
    WebDriverWait(driver, 20).until(lambda d: len(d.find_elements(*listed)) == count)
    rows = places_by_hand(Output.objects.get())
    return [f"{'+'.join(r['identifiers'])} {r['then']} {r['anchor'] or r['page']}" for r in rows]


def drag(driver, what, *, onto, down: int) -> None:
    steps = ActionChains(driver).click_and_hold(what).move_to_element_with_offset(onto, 0, 2)
    steps.move_to_element_with_offset(onto, 0, down).release().perform()


def test_products_and_pages_are_dragged_and_let_go(plan):
    drag(plan, product(plan, "D"), onto=product(plan, "A"), down=-4)
    assert places(plan, 1) == ["D before A"]
    drag(plan, product(plan, "B"), onto=product(plan, "C"), down=4)
    assert places(plan, 2) == ["D before A", "B after C"]
    target = plan.find_element(By.CSS_SELECTOR, '[data-page="3"] img')
    drag(plan, grip(plan, "Move page 1"), onto=target, down=0)
    WebDriverWait(plan, 20).until(lambda _: places(plan, 2)[1:] == ["A+B after D"])


def test_a_product_stays_in_its_chapter(plan):
    drag(plan, product(plan, "A"), onto=product(plan, "E"), down=4)
    assert places(plan, 0) == []


def test_the_keyboard_moves_by_one_place_and_by_choice(plan):
    grip(plan, "Move A").send_keys(Keys.ALT, Keys.ARROW_DOWN)
    assert places(plan, 1) == ["A after B"]
    grip(plan, "Move D").send_keys(Keys.ENTER)
    dialog = plan.find_element(By.ID, "pm-move")
    Select(dialog.find_element(By.NAME, "behind")).select_by_value("1")
    Select(dialog.find_element(By.NAME, "anchor")).select_by_value("B")
    dialog.find_element(By.CSS_SELECTOR, ".pm-btn--main").send_keys(Keys.ENTER)
    assert places(plan, 2) == ["A after B", "D after B"]
    grip(plan, "Move C").send_keys(Keys.ENTER)
    Select(plan.find_element(By.NAME, "behind")).select_by_value("pin")
    Select(plan.find_element(By.NAME, "to")).select_by_value("2")
    plan.find_element(By.CSS_SELECTOR, "#pm-move .pm-btn--main").send_keys(Keys.ENTER)
    assert places(plan, 3) == ["A after B", "D after B", "C pin 1"]
    plan.find_element(By.CSS_SELECTOR, "[data-unpin]").click()
    assert places(plan, 2) == ["A after B", "D after B"]
    plan.find_element(By.CSS_SELECTOR, ".pm-plan__hand li button").click()
    assert places(plan, 1) == ["D after B"]
