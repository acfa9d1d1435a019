"""The pages of quality: the board, the rules, the panel of a product."""

import pytest
from django.urls import reverse

from pim.actions.quality import follow_quality
from pim.models import Product, QualityRule
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.desk import product_page, staff, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    write(wish("L1", family="lamp", at={"ean||": "1"}), wish("L2", family="lamp"))
    follow_quality(at=NOW)


def test_the_panel_links_every_finding_to_its_field(client):
    client.force_login(superuser())
    page = client.get(product_page(Product.objects.get(identifier="L1")))
    panel = page.context["quality"]
    assert [(f["rule"], f["href"]) for f in panel["findings"]] == [
        ("complete", "#field-name"),
        ("complete", "#field-price"),
        ("complete", "#field-color"),
        ("gtin", "#field-ean"),
    ]
    assert [row["code"] for row in panel["locales"]] == ["en", "fi", "sv-FI"]


def test_a_finding_about_what_a_model_holds_leads_to_the_model(client):
    write(wish("M", role="model", family="lamp", family_variant="lamp_color", at={"name||fi": "K"}))
    write(wish("V", parent="M", at={"color||": "red", "ean||": "2"}))
    follow_quality(at=NOW)
    client.force_login(superuser())
    page = client.get(product_page(Product.objects.get(identifier="V")))
    model = product_page(Product.objects.get(identifier="M"))
    links = [finding["href"] for finding in page.context["quality"]["findings"]]
    assert links == [f"{model}#field-name", f"{model}#field-price", "#field-ean"]
    missing = page.context["completeness"][0]["missing"]
    assert missing[0]["href"].startswith(f"{model.split('?')[0]}?")


def test_the_board_counts_and_names_what_to_begin_with(client):
    client.force_login(superuser())
    board = client.get(reverse("admin:pim_quality_changelist"), {"channel": "web", "locale": "en"})
    assert [row.product.identifier for row in board.context["worst"]] == ["L1", "L2"]
    assert (board.context["now"]["total"], board.context["now"]["flawless"]) == (2, 0)


def test_a_rule_saved_untouched_stays_as_it_is_and_a_changed_one_is_changed(client):
    client.force_login(superuser())
    rule = QualityRule.objects.get(code="print_pictures")
    page = reverse("admin:pim_qualityrule_change", args=[rule.pk])
    form = {"code": rule.code, "kind": rule.kind, "weight": "10", "enabled": "on", "mm": "80",
            "dpi": "250", "labels__en": rule.labels["en"]}  # fmt: skip
    before = QualityRule.objects.filter(pk=rule.pk).values().get()
    assert client.post(page, form).status_code == 302
    assert QualityRule.objects.filter(pk=rule.pk).values().get() == before
    client.post(page, form | {"dpi": "300", "weight": "5"})
    rule.refresh_from_db()
    assert (rule.params, rule.weight) == ({"mm": 80.0, "dpi": 300}, 5)


def test_who_may_only_look_saves_no_rule(client):
    client.force_login(staff("otto", "view_qualityrule"))
    rule = QualityRule.objects.get(code="gtin")
    before = list(QualityRule.objects.values())
    page = reverse("admin:pim_qualityrule_change", args=[rule.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"weight": "1", "kind": "gtin"}).status_code == 403
    assert list(QualityRule.objects.values()) == before
