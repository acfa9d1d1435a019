"""Upkeep makes listings true: states, reasons, bodies, facts, and only what differs is written."""

from datetime import timedelta

import orjson
import pytest

from pim.models import Asset, Category, Channel, Product, ReferenceEntity
from syndication.actions.listings import upkeep
from syndication.actions.listings_log import mark_all
from syndication.models import (
    ChannelSequence,
    ContextDocument,
    Listing,
    ListingBody,
    ListingCategory,
    StaleMark,
    Use,
)
from tests.factories import lamps
from tests.factories.lamps import NOW, names, publish, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def structure(db):
    lamps.build_structure()


def listing(identifier, *, channel="web", audience="consumer", locale="en"):
    return Listing.objects.get(
        identifier=identifier, channel=channel, audience=audience, locale=locale
    )


def body(identifier, **context):
    digest = listing(identifier, **context).digest
    return orjson.loads(ListingBody.objects.get(digest=digest).body)


def facts(identifier, **context):
    digest = listing(identifier, **context).facts_digest
    return orjson.loads(ListingBody.objects.get(digest=digest).body) if digest else None


def state(identifier, **context):
    found = listing(identifier, **context)
    return found.state, found.reasons


def snapshot_of_rows():
    return list(Listing.objects.order_by("id").values_list())


def test_a_published_item_is_live_in_every_context():
    publish("L-1", names(en="Lamp", fi="Lamppu", sv="Lampa"))
    upkeep(at=NOW)
    live = Listing.objects.filter(state="live").values_list("channel", "audience", "locale")
    assert set(live) == {
        ("print", "consumer", "en"),
        *(("web", a, x) for a in ("consumer", "reseller", "technician")
          for x in ("en", "fi", "sv-FI")),
    }  # fmt: skip
    assert body("L-1", locale="sv-FI")["values"]["name"] == ["Lampa", "fallback:sv", "sv"]
    assert body("L-1")["values"]["sku"] == ["L-1", "own", ""]
    assert listing("L-1", locale="fi").slug == "lamppu-l-1"


def test_a_second_upkeep_writes_nothing():
    publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    before, value = snapshot_of_rows(), ChannelSequence.objects.get(channel="web").value
    mark_all(at=NOW)
    written = upkeep(at=NOW + timedelta(hours=1))
    assert (written.products, written.rows, written.visible) == (1, 0, 0)
    assert snapshot_of_rows() == before
    assert ChannelSequence.objects.get(channel="web").value == value
    assert not StaleMark.objects.exists()


def test_a_change_of_one_language_leaves_the_other_listings_as_they_were():
    publish("L-1", names(en="Lamp", fi="Lamppu"))
    upkeep(at=NOW)
    english, finnish = listing("L-1"), listing("L-1", locale="fi")
    publish("L-1", names(en="Lamp", fi="Lamppunen"))
    upkeep(at=NOW)
    assert listing("L-1").digest == english.digest
    assert listing("L-1").sequence == english.sequence
    assert listing("L-1", locale="fi").sequence > finnish.sequence
    assert body("L-1", locale="fi")["name"] == "Lamppunen"


def test_a_slug_once_given_is_kept_when_the_name_changes():
    publish("L-1", names(fi="Lamppu"))
    upkeep(at=NOW)
    publish("L-1", names(fi="Valaisin"))
    upkeep(at=NOW)
    assert (listing("L-1", locale="fi").slug, listing("L-1", locale="fi").name) == (
        "lamppu-l-1",
        "Valaisin",
    )


def test_a_listing_without_a_name_is_shown_by_its_identifier_until_it_gets_one():
    publish("L-1", {"": {"weight": {"": "5"}}})
    upkeep(at=NOW)
    assert (listing("L-1").name, listing("L-1").slug) == ("[L-1]", "l-1")
    publish("L-1", names(en="Żarówka"))
    upkeep(at=NOW)
    assert listing("L-1").slug == "zarowka-l-1"


def test_variants_inherit_and_say_from_whom():
    publish("M", names(en="Range"), role="model", family_variant="by_color")
    publish("M-red", {"": {"color": {"": "red"}}}, parent="M", categories=())
    upkeep(at=NOW)
    made = body("M-red")
    assert made["values"]["name"] == ["Range", "inherited:M", "en"]
    assert (made["parent"], made["root"], made["axes"]) == ("M", "M", ["color"])
    assert made["categories"] == ["lamps"]
    assert state("M") == ("live", [])


def test_a_model_without_live_variants_is_withheld_until_one_is_live():
    publish("M", names(en="Range"), role="model", family_variant="by_color")
    upkeep(at=NOW)
    assert state("M") == ("withheld", [{"code": "no_live_variants"}])
    variant = publish("M-red", {"": {"color": {"": "red"}}}, parent="M")
    upkeep(at=NOW)
    assert state("M") == ("live", [])
    withdraw(variant)
    upkeep(at=NOW)
    assert state("M") == ("withheld", [{"code": "no_live_variants"}])


def test_a_product_outside_the_tree_is_withheld_where_there_is_a_tree():
    publish("L-1", names(en="Lamp"), categories=("elsewhere",))
    publish("L-2", names(en="Lamp"), categories=())
    upkeep(at=NOW)
    assert state("L-1") == ("withheld", [{"code": "not_in_tree"}])
    assert state("L-2") == ("withheld", [{"code": "not_in_tree"}])
    assert state("L-1", channel="print") == ("live", [])


def test_a_disabled_product_is_withheld_and_a_never_published_one_has_no_listings():
    publish("L-1", names(en="Lamp"), enabled=False)
    Product.objects.create(identifier="L-2", updated_at=NOW)
    upkeep(at=NOW)
    assert state("L-1") == ("withheld", [{"code": "disabled"}])
    assert not Listing.objects.filter(identifier="L-2").exists()


def test_the_gate_withholds_with_the_list_of_what_is_missing():
    Channel.objects.filter(code="web").update(gate=100)
    lamps.log("structure", scope={"kind": "channel", "codes": ["web"]})
    publish("L-1", names(en="Lamp", fi="Lamppu"))
    upkeep(at=NOW)
    assert state("L-1") == (
        "withheld",
        [
            {"code": "incomplete", "percent": 66, "gate": 100},
            {"code": "missing", "attribute": "name", "locale": "sv-FI"},
        ],
    )
    publish("L-1", names(en="Lamp", fi="Lamppu", sv="Lampa"))
    upkeep(at=NOW)
    assert state("L-1") == ("live", [])


def test_withdrawing_leaves_a_tombstone_with_a_new_number():
    product = publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    before = listing("L-1").sequence
    withdraw(product)
    upkeep(at=NOW)
    gone = listing("L-1")
    assert (gone.state, gone.reasons, gone.digest) == ("removed", [{"code": "withdrawn"}], "")
    assert gone.sequence > before
    assert not ListingCategory.objects.exists()


def test_what_was_never_shown_leaves_no_tombstone():
    product = publish("L-1", names(en="Lamp"), enabled=False)
    upkeep(at=NOW)
    assert listing("L-1").sequence == 0
    withdraw(product)
    upkeep(at=NOW)
    assert not Listing.objects.filter(identifier="L-1").exists()


def test_an_attribute_of_another_audience_is_not_in_the_body():
    publish("L-1", {**names(en="Lamp"), "": {"manual": {"": "Mind the fuse"}}})
    upkeep(at=NOW)
    assert "manual" not in body("L-1")["values"]
    assert "manual" not in body("L-1", audience="reseller")["values"]
    assert body("L-1", audience="technician")["values"]["manual"][0] == "Mind the fuse"
    assert listing("L-1").digest == listing("L-1", audience="reseller").digest


def test_facts_are_kept_beside_the_body_and_by_audience():
    product = publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    before = listing("L-1")
    lamps.price(product, "99.50")
    lamps.price(product, "60", price_list="trade")
    lamps.stock(product)
    upkeep(at=NOW)
    assert [p["amount"] for p in facts("L-1")["prices"]] == ["99.5"]
    assert [p["amount"] for p in facts("L-1", audience="reseller")["prices"]] == ["60", "99.5"]
    assert facts("L-1")["availability"]["state"] == "in_stock"
    assert listing("L-1").digest == before.digest
    assert listing("L-1").sequence > before.sequence
    assert facts("L-1", channel="print") == {
        "prices": [],
        "availability": {"state": "in_stock", "quantity": None, "available_on": None},
    }


def test_a_price_that_begins_and_ends_is_seen_without_a_log_entry():
    product = publish("L-1", names(en="Lamp"))
    lamps.price(
        product, "50", valid_from=NOW + timedelta(hours=1), valid_to=NOW + timedelta(hours=3)
    )
    seen = []
    for hours in (0, 2, 4):
        upkeep(at=NOW + timedelta(hours=hours))
        seen.append(facts("L-1") is not None)
    assert seen == [False, True, False]


def test_associations_name_live_products_only_and_follow_their_names():
    lamp = publish("L-1", names(en="Lamp"))
    shade = publish("S-1", names(en="Shade"), enabled=False)
    ties = {"fits": {"products": [[str(shade.uuid), None]], "groups": []}}
    publish("L-1", names(en="Lamp"), associations=ties)
    upkeep(at=NOW)
    assert body("L-1")["associations"] == {}
    publish("S-1", names(en="Shade"))
    upkeep(at=NOW)
    assert body("L-1")["associations"] == {
        "fits": [
            {
                "uuid": str(shade.uuid),
                "identifier": "S-1",
                "slug": "shade-s-1",
                "name": "Shade",
                "image": None,
            }
        ]
    }
    publish("S-1", names(en="Big shade"))
    upkeep(at=NOW)
    assert body("L-1")["associations"]["fits"][0]["name"] == "Big shade"
    assert Use.objects.filter(product_id=lamp.id, kind="product").count() == 1


def test_a_picture_leaves_listings_when_its_rights_end():
    lamps.asset("photo", en="A lamp")
    Asset.objects.update(valid_to=NOW + timedelta(days=1))
    publish("L-1", {**names(en="Lamp"), "": {"picture": {"": ["photo"]}}})
    upkeep(at=NOW)
    assert (listing("L-1").image, list(body("L-1")["assets"])) == ("photo", ["photo"])
    sequence = listing("L-1").sequence
    upkeep(at=NOW + timedelta(hours=23))
    assert listing("L-1").sequence == sequence
    upkeep(at=NOW + timedelta(hours=25))
    assert (listing("L-1").image, list(body("L-1")["assets"])) == ("", [])
    assert listing("L-1").sequence > sequence


def test_assets_and_records_are_in_the_body_and_their_changes_are_seen():
    lamps.asset("photo", en="A lamp", sv="En lampa")
    lamps.asset("logo")
    lamps.record("kivi", logo="logo", about="Old")
    publish("L-1", {"": {"picture": {"": ["photo"]}, "brand": {"": ["kivi"]}}})
    upkeep(at=NOW)
    made = body("L-1", locale="sv-FI")
    assert (made["image"], sorted(made["assets"])) == ("photo", ["logo", "photo"])
    assert made["assets"]["photo"]["alt"] == "En lampa"
    assert made["records"] == {
        "maker": {"kivi": {"label": "Kivi", "fields": {"logo": "logo", "about": "Old"}}}
    }
    lamps.record("kivi", logo="logo", about="New")
    lamps.log("structure", scope={"kind": "record", "codes": ["maker/kivi"]})
    lamps.asset("photo", en="The lamp", sv="En lampa")
    lamps.log("structure", scope={"kind": "asset", "codes": ["photo"]})
    upkeep(at=NOW)
    assert body("L-1")["records"]["maker"]["kivi"]["fields"]["about"] == "New"
    assert body("L-1")["assets"]["photo"]["alt"] == "The lamp"


def test_a_gtin_is_kept_in_14_digits_and_a_wrong_one_is_not():
    publish("L-1", {"": {"ean": {"": "4006381333931"}}})
    publish("L-2", {"": {"ean": {"": "4006381333932"}}})
    upkeep(at=NOW)
    assert (listing("L-1").gtin, listing("L-2").gtin) == ("04006381333931", "")


def test_categories_are_kept_with_all_that_is_above_them():
    product = publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    rows = ListingCategory.objects.filter(product_id=product.id, channel="web")
    assert set(rows.values_list("category", flat=True)) == {"shop", "lamps"}


def test_a_context_that_is_closed_turns_its_listings_into_tombstones():
    publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    web = Channel.objects.get(code="web")
    web.locales.remove(web.locales.get(code="fi"))
    lamps.log("structure", scope={"kind": "channel", "codes": ["web"]})
    upkeep(at=NOW)
    assert state("L-1", locale="fi") == ("removed", [{"code": "context_closed"}])
    assert state("L-1") == ("live", [])


def test_a_product_marked_again_during_a_rebuild_stays_stale(monkeypatch):
    from syndication.actions import listings as module
    from syndication.actions.listings_log import pull_publication_log

    publish("L-1", names(en="Old"))
    real = module.write_batch

    def write_late(batch, generations, *, at):
        _ = batch.subjects  # read before the change
        publish("L-1", names(en="New"))
        pull_publication_log(at=at)
        return real(batch, generations, at=at)

    monkeypatch.setattr(module, "write_batch", write_late)
    pull_publication_log(at=NOW)
    module.rebuild_stale(at=NOW)
    assert not Listing.objects.exists()
    assert StaleMark.objects.count() == 1
    monkeypatch.undo()
    upkeep(at=NOW)
    assert listing("L-1").name == "New"


def test_a_batch_takes_the_same_statements_for_one_and_for_three(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def rebuild(*identifiers):
        for identifier in identifiers:
            publish(identifier, names(en=identifier))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            upkeep(at=NOW)
        return len(captured)

    rebuild("L-0")
    assert rebuild("L-1") == rebuild("L-2", "L-3", "L-4")


def documents() -> dict:
    rows = ContextDocument.objects.values_list("channel", "locale", "body")
    return {(channel, locale): orjson.loads(body) for channel, locale, body in rows}


def test_introduction_and_picture_of_a_category_stand_in_the_context_documents():
    upkeep(at=NOW)
    before = documents()[("web", "en")]["categories"]["lamps"]
    assert set(before) == {"label", "parent", "sort", "path"}
    cover = Asset.objects.create(
        code="cover", sha256="a" * 64, filename="cover.jpg", kind="image", media_type="image/jpeg",
        size=1, width=30, height=20, alt={"en": "Dusk", "sv": "Skymning"},
    )  # fmt: skip
    intro = {"en": "<p>Warm</p>", "sv": "<p>Varm</p>"}
    Category.objects.filter(code="lamps").update(intro=intro, image=cover)
    lamps.log("structure", scope={"kind": "category", "codes": ["lamps"]})
    upkeep(at=NOW)
    found = documents()
    picture = {
        "sha256": "a" * 64, "filename": "cover.jpg", "kind": "image", "media_type": "image/jpeg",
        "size": 1, "width": 30, "height": 20,
    }  # fmt: skip
    told = {
        (channel, locale): (
            held["categories"]["lamps"].get("intro"),
            held["categories"]["lamps"]["image"],
        )
        for (channel, locale), held in found.items()
    }
    assert told == {
        ("web", "en"): ("<p>Warm</p>", picture | {"alt": "Dusk"}),
        ("print", "en"): ("<p>Warm</p>", picture | {"alt": "Dusk"}),
        # A language is never filled from one that it does not fall back to.
        ("web", "fi"): (None, picture | {"alt": ""}),
        ("web", "sv-FI"): ("<p>Varm</p>", picture | {"alt": "Skymning"}),
    }
    Asset.objects.filter(pk=cover.pk).update(alt={"en": "Night"})
    lamps.log("structure", scope={"kind": "asset", "codes": ["cover"]})
    upkeep(at=NOW)
    assert documents()[("web", "en")]["categories"]["lamps"]["image"]["alt"] == "Night"


def test_fields_of_records_and_their_options_are_named_in_the_context_documents():
    options = [{"code": "warm", "labels": {"en": "Warm", "sv": "Varm"}}, {"code": "calm"}]
    fields = [
        {"code": "mood", "kind": "select", "labels": {"en": "Mood"}, "options": options},
        {"code": "about", "kind": "text"},
    ]
    ReferenceEntity.objects.update(fields=fields, labels={"en": "Maker"})
    ReferenceEntity.objects.create(code="unused", fields=fields)
    lamps.log("structure", scope={"kind": "reference_entity", "codes": ["maker"]})
    upkeep(at=NOW)
    found = documents()
    assert found[("web", "en")]["attributes"]["brand"]["entity"] == "maker"
    assert found[("web", "sv-FI")]["entities"] == {
        "maker": {
            "label": "Maker",
            "fields": {
                "mood": {
                    "label": "Mood",
                    "kind": "select",
                    "options": {
                        "warm": {"label": "Varm", "sort": 0},
                        "calm": {"label": "[calm]", "sort": 1},
                    },
                },
                "about": {"label": "[about]", "kind": "text"},
            },
        }
    }
    options[0]["labels"]["sv"] = "Mild"
    ReferenceEntity.objects.filter(code="maker").update(fields=fields)
    lamps.log("structure", scope={"kind": "reference_entity", "codes": ["maker"]})
    upkeep(at=NOW)
    mood = documents()[("web", "sv-FI")]["entities"]["maker"]["fields"]["mood"]
    assert mood["options"]["warm"]["label"] == "Mild"
