"""Scores follow the drafts, whatever changes them; the day keeps how it was."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.actions.quality import (
    delete_quality_rule,
    follow_quality,
    keep_day,
    keep_first,
    save_quality_rule,
)
from pim.actions.quality.follow import CHUNK
from pim.actions.removal import delete_product
from pim.actions.roles import save_role
from pim.actions.structure import record_structure_change
from pim.actions.translation.write import Translated, write_translations
from pim.content.refusals import InvalidValue
from pim.content.rights import EVERYTHING, NotAllowed
from pim.models import (
    Asset,
    Channel,
    Locale,
    Product,
    Quality,
    QualityDay,
    QualityReason,
    QualityRule,
    TextPrint,
)
from pim.queries.search import find_products
from pim.queries.seen_quality import seen_scores
from pim.queries.structure import forget_structure, load_structure
from pim.queries.translations import units
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.rights import grants, limited, rights

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}
TEXT = "A lamp that stands on its own three feet."


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    QualityRule.objects.all().delete()
    save_quality_rule("gtin", kind="gtin", **HOW)
    save_quality_rule("own", kind="duplicate", attributes=["notes"], **HOW)


def scores(locale="en", channel="web") -> dict[str, int]:
    rows = Quality.objects.filter(channel__code=channel, locale=locale)
    return dict(rows.order_by("product__identifier").values_list("product__identifier", "score"))


def kinds(identifier: str) -> list[str]:
    row = Quality.objects.get(product__identifier=identifier, channel__code="web", locale="en")
    return [finding[1] for finding in row.findings]


def follow() -> int:
    return follow_quality(at=NOW)


def test_scores_are_counted_once_and_again_when_the_draft_moves():
    write(wish("L1", family="lamp", at={"ean||": "4006381333931"}), wish("L2", family="lamp"))
    assert (follow(), follow()) == (2, 0)
    assert scores() == {"L1": 100, "L2": 100}
    assert Quality.objects.count() == 2 * 4  # three locales of web, one of print
    write(wish("L1", at={"ean||": "4006381333932"}))
    assert (follow(), scores()) == (1, {"L1": 0, "L2": 100})
    assert kinds("L1") == ["bad_gtin"]


def test_a_model_moves_its_variants():
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color"),
        wish("M-red", parent="M", at={"color||": "red"}),
    )
    follow()
    save_quality_rule("words", kind="length", attributes=["name"], params={"min": 9}, **HOW)
    follow()
    write(wish("M", at={"name||en": "Lamp"}))
    assert follow() == 2
    assert scores() == {"M": 0, "M-red": 0}


def test_a_twin_comes_and_goes():
    write(*(wish(name, family="lamp", at={"notes||": TEXT}) for name in ("L1", "L2")))
    follow()
    assert (kinds("L1"), kinds("L2")) == (["duplicate"], ["duplicate"])
    write(wish("L2", at={"notes||": TEXT + " Really."}))
    follow()
    assert (kinds("L1"), kinds("L2")) == ([], [])
    assert TextPrint.objects.count() == 2


def test_a_twin_that_is_deleted_frees_the_other():
    write(*(wish(name, family="lamp", at={"notes||": TEXT}) for name in ("L1", "L2")))
    follow()
    delete_product(Product.objects.get(identifier="L2").pk, **HOW)
    assert (follow(), kinds("L1")) == (1, [])


def test_short_rich_texts_are_no_copies_whatever_their_tags():
    save_quality_rule("own", attributes=["story"], **HOW)
    story = {"story|web|en": "<p><strong>A lamp</strong></p>"}
    write(*(wish(name, family="lamp", at=story) for name in ("L1", "L2")))
    follow()
    assert (kinds("L1"), TextPrint.objects.count()) == ([], 0)


def translated_lamps() -> None:
    Locale.objects.filter(code="fi").update(source="en")
    forget_structure()
    save_quality_rule("translations", kind="outdated", **HOW)
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color",
             at={"name||en": "Lamp", "name||fi": "Lamppu"}),
        wish("M-red", parent="M", at={"color||": "red"}),
    )  # fmt: skip
    follow()


def outdated(identifier: str, locale="fi") -> list[list]:
    row = Quality.objects.get(product__identifier=identifier, channel__code="web", locale=locale)
    return [finding[1:] for finding in row.findings if finding[1] == "outdated"]


STALE = [["outdated", "name", "fi", {"source": "en"}]]


def test_a_source_that_changes_lowers_the_translation_and_the_variants_of_it():
    translated_lamps()
    assert (outdated("M"), outdated("M-red")) == ([], [])
    write(wish("M", at={"name||en": "Lantern"}))
    follow()
    assert (outdated("M"), outdated("M-red")) == (STALE, STALE)
    assert outdated("M", "en") == []
    write(wish("M", at={"name||fi": "Lyhty"}))
    follow()
    assert (outdated("M"), outdated("M-red")) == ([], [])


def test_confirming_a_translation_counts_anew_though_no_draft_changes():
    translated_lamps()
    write(wish("M", at={"name||en": "Lantern"}))
    follow()
    pk, before = Product.objects.get(identifier="M").pk, Product.objects.values("row_version")
    versions = list(before)
    (unit,) = units([pk], source="en", target="fi")
    write_translations([Translated(unit, unit.target)], source="en", target="fi", **HOW)
    assert (follow(), list(Product.objects.values("row_version"))) == (2, versions)
    assert (outdated("M"), outdated("M-red")) == ([], [])


def test_a_locale_that_is_translated_no_more_has_nothing_outdated():
    translated_lamps()
    write(wish("M", at={"name||en": "Lantern"}))
    follow()
    Locale.objects.filter(code="fi").update(source="")
    forget_structure()
    follow()
    assert outdated("M") == []


def test_rules_and_channels_move_everything():
    write(wish("L1", family="lamp", at={"ean||": "1"}))
    follow()
    rule = save_quality_rule("gtin", enabled=False, **HOW)
    assert (follow(), scores()) == (1, {"L1": 100})
    delete_quality_rule(rule, **HOW)
    web = Channel.objects.get(code="web")
    web.locales.remove(web.locales.get(code="fi"))
    record_structure_change("channel", ["web"], **HOW)
    assert follow() == 1
    assert scores("fi") == {}


def test_a_picture_that_changes_moves_who_shows_it():
    asset = Asset.objects.create(
        code="lamp", sha256="a", original_sha256="a", filename="a.jpg", kind="image",
        media_type="image/jpeg", size=1, width=9, height=9,
    )  # fmt: skip
    save_quality_rule("alt", kind="alt_text", **HOW)
    write(wish("L1", family="lamp", at={"photo||": ["lamp"]}), wish("L2", family="lamp"))
    follow()
    assert kinds("L1") == ["no_alt_text"]
    asset.alt = {"en": "A lamp"}
    asset.save()
    record_structure_change("asset", ["lamp"], **HOW)
    assert (follow(), kinds("L1")) == (1, [])


def test_the_statements_do_not_depend_on_the_number_of_products():
    write(*(wish(f"L{n}", family="lamp", at={"notes||": f"{TEXT} {n}"}) for n in range(4)))
    follow()

    def statements(count: int) -> int:
        write(*(wish(f"L{n}", at={"notes||": f"{TEXT} {n} {count}"}) for n in range(count)))
        with CaptureQueriesContext(connection) as queries:
            assert follow() == count
        return len(queries)

    assert statements(1) == statements(3)
    assert CHUNK == 200


def test_a_turn_that_is_over_leaves_the_rest_for_the_next(monkeypatch):
    monkeypatch.setattr("pim.actions.quality.follow.CHUNK", 2)
    write(*(wish(f"L{n}", family="lamp", at={"notes||": f"{TEXT} {n}"}) for n in range(3)))
    assert [follow_quality(at=NOW, seconds=0) for _turn in range(3)] == [2, 1, 0]


def test_a_rule_that_makes_no_sense_is_refused():
    before = list(QualityRule.objects.values())
    for given in (
        {"kind": "magic"},
        {"kind": "length", "weight": 0},
        {"kind": "length", "params": {"min": "many"}},
        {"kind": "forbidden_words", "params": {"words": {"en": "cheap"}}},
    ):
        with pytest.raises(InvalidValue):
            save_quality_rule("bad", **given, **HOW)
    actor = limited(group={"@structure": "edit"})
    with pytest.raises(NotAllowed):
        save_quality_rule("bad", kind="gtin", actor=actor, at=NOW)
    assert list(QualityRule.objects.values()) == before


def test_a_day_keeps_averages_by_family_category_and_all():
    write(
        wish("L1", family="lamp", categories=["indoor"], at={"ean||": "1"}),
        wish("L2", family="lamp", categories=["outdoor"]),
        wish("L3"),
    )
    follow()
    day = date(2026, 11, 26)
    assert keep_day(day) == keep_day(day)
    rows = QualityDay.objects.filter(day=day, channel="web", locale="en").order_by("by", "code")
    assert [(r.by, r.code, r.products, float(r.score), r.flawless) for r in rows] == [
        ("all", "", 3, 66.67, 2),
        ("category", "indoor", 1, 0.0, 0),
        ("category", "master", 2, 50.0, 1),
        ("category", "outdoor", 1, 100.0, 1),
        ("family", "", 1, 100.0, 1),
        ("family", "lamp", 2, 50.0, 1),
    ]


def test_a_day_is_kept_first_when_all_its_scores_are_counted():
    write(wish("L1", family="lamp"))
    day = date(2026, 11, 26)
    assert keep_first(day) == 0
    follow()
    write(wish("L2", family="lamp"))
    assert (keep_first(day), QualityDay.objects.count()) == (0, 0)
    follow()
    assert keep_first(day) == QualityDay.objects.filter(day=day).count() > 0
    assert keep_first(day) == 0


def test_products_are_searched_by_their_score():
    write(wish("L1", family="lamp", at={"ean||": "1"}), wish("L2", family="lamp"))
    follow()

    def names(operator, value, **where):
        test = {"operator": operator, "value": value, "scope": "web", "locale": "en", **where}
        rows = find_products({"quality_score": [test]})
        return list(rows.order_by("identifier").values_list("identifier", flat=True))

    assert names("<", 50) == ["L1"]
    assert names("IN", ["A", "B"]) == ["L2"]
    assert names("IN", ["E"]) == ["L1"]


def test_a_person_is_shown_a_score_of_what_they_see_alone():
    write(
        wish("L1", family="lamp", at={"ean||": "4006381333932", "notes||": TEXT}),
        wish("L2", family="lamp", at={"ean||": "4006381333931", "notes||": TEXT}),
    )
    save_role("texts", grants=grants(group={"data": "none"}), **HOW)
    save_role("codes", grants=grants(group={"texts": "none"}), **HOW)
    follow()

    def seen(document):
        reader = rights(document) if document else EVERYTHING
        rows = seen_scores(Quality.objects.all(), reader, load_structure())
        rows = rows.filter(channel__code="web", locale="en").order_by("product__identifier")
        return [(row.score, [finding[1] for finding in row.findings]) for row in rows]

    assert seen(None) == [(0, ["bad_gtin", "duplicate"]), (50, ["duplicate"])]
    assert seen(grants(group={"data": "none"})) == [(0, ["duplicate"])] * 2
    assert seen(grants(group={"texts": "none"})) == [(0, ["bad_gtin"]), (100, [])]
    # A role that nobody has counted for yet shows no score rather than one of hidden values.
    assert seen(grants(group={"*": "none", "data": "view"}, locale={"en": "none"})) == []

    def found(document, least):
        test = {"operator": ">=", "value": least, "scope": "web", "locale": "en"}
        rows = find_products({"quality_score": [test]}, rights=rights(document))
        return list(rows.order_by("identifier").values_list("identifier", flat=True))

    assert found(grants(group={"texts": "none"}), 60) == ["L2"]
    assert found(grants(group={"data": "none"}), 50) == []


def test_a_score_does_not_count_translations_from_a_hidden_locale():
    Locale.objects.filter(code="fi").update(source="en")
    forget_structure()
    save_quality_rule("translations", kind="outdated", **HOW)
    write(wish("L1", family="lamp", at={"name||en": "Sun", "name||fi": "Kuu"}))
    write(wish("L1", family="lamp", at={"name||en": "Moon"}))
    save_role("finn", grants=grants(locale={"en": "none"}), **HOW)
    follow()
    (whole, finn) = Quality.objects.filter(channel__code="web", locale="fi").order_by("score")
    assert (whole.sight, whole.score, len(whole.findings)) == ("", 0, 1)
    assert (finn.score, finn.findings) == (100, [])
    save_role("finn", grants=grants(), **HOW)
    assert follow() == 1
    assert Quality.objects.filter(channel__code="web", locale="fi").count() == 1


def test_the_index_of_reasons_follows_the_findings():
    write(wish("L1", family="lamp", at={"ean||": "1"}), wish("L2", family="lamp"))
    follow()

    def reasons():
        rows = QualityReason.objects.filter(quality__channel__code="web", quality__locale="en")
        return list(rows.values_list("quality__product__identifier", "kind"))

    assert reasons() == [("L1", "no_gtin")]
    write(wish("L1", at={"ean||": "4006381333932"}))
    follow()
    assert reasons() == [("L1", "bad_gtin")]
    write(wish("L1", at={"ean||": "4006381333931"}))
    follow()
    assert reasons() == []
