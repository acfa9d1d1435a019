"""Files of other systems become families, attributes, options, categories and products."""

import pytest

from pim.models import (
    Asset,
    Association,
    Attribute,
    AvailabilityFact,
    Category,
    Change,
    Channel,
    Draft,
    Family,
    FamilyVariantAttribute,
    MeasurementFamily,
    PriceFact,
    Product,
)

from .files import lines_of, load, write_folder
from .foreign_files import (
    BMECAT_12,
    BMECAT_2005,
    ICECAT,
    ICECAT_INDEX,
    SHOPIFY,
    WOOCOMMERCE,
)
from .test_import_catalog import jpeg, values_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _assets(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Let every address be a picture, or a document, of its own."""
    import io

    from pim.actions import import_addresses
    from pim.outbound import Answer

    seen = []

    def fetch(url, **limits):
        seen.append(url)
        pdf = b"%PDF-1.4\n" + b"x" * len(seen)
        return Answer(200, {}, io.BytesIO(jpeg(len(seen)) if ".pdf" not in url else pdf), url)

    monkeypatch.setattr(import_addresses, "fetch", fetch)
    return seen


def bring(tmp_path, data: bytes, name: str, **options):
    path = tmp_path / "foreign" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return load(path, **options)


def state() -> dict:
    models = (Product, Draft, Change, Attribute, Family, Category, Asset, PriceFact, Channel)
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in models}


FILES = [
    ("catalog.xml", BMECAT_12),
    ("etim.xml", BMECAT_2005),
    ("product.xml", ICECAT),
    ("files.index.xml", ICECAT_INDEX),
    ("products_export_1.csv", SHOPIFY.encode()),
    ("wc-product-export.csv", WOOCOMMERCE.encode()),
]


@pytest.mark.parametrize(("name", "data"), FILES, ids=[name for name, _data in FILES])
def test_file_twice_changes_nothing(tmp_path, name, data):
    bring(tmp_path, data, name)
    before = state()
    again = bring(tmp_path, data, name)
    assert state() == before
    assert {k for held in again.counts.values() for k in held} <= {"unchanged", "noted"}


@pytest.mark.parametrize(("name", "data"), FILES, ids=[name for name, _data in FILES])
def test_dry_run_says_what_the_real_run_does(tmp_path, name, data):
    dry = bring(tmp_path, data, name, dry_run=True)
    assert Product.objects.count() == 0
    real = bring(tmp_path, data, name)
    assert {k: {**v, "noted": 0} for k, v in dry.counts.items()} == {
        k: {**v, "noted": 0} for k, v in real.counts.items()
    }


def test_bmecat_12_comes_whole(tmp_path):
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "a.jpg").write_bytes(jpeg())
    run = bring(tmp_path, BMECAT_12, "catalog.xml")
    assert (run.state, lines_of(run)) == ("done", [])
    assert values_of("T-1") == {
        "": {
            "gtin": {"": "4006381333931"},
            "mpn": {"": "HT1"},
            "brand": {"": "halla"},
            "order_unit": {"": "C62"},
            "inhalt": {"": {"amount": "5.5", "unit": "LITER"}},
            "farbe": {"": "schwarz"},
            "spulmaschine": {"": True},
            "lagen": {"": "3"},
            "udx_halla_serie": {"": "Kallio"},
            "image": {"": [Asset.objects.get().code]},
        },
        "de": {
            "name": {"": "Topf 24 cm"},
            "description": {"": "Schwerer Topf für große Mengen"},
            "keywords": {"": "Topf, Küche"},
        },
    }
    pot = Product.objects.get(identifier="T-1")
    assert [c.labels for c in pot.categories.all()] == [{"de": "Töpfe"}]
    assert pot.categories.get().parent.labels == {"de": "Katalog"}
    assert (pot.family.code, Product.objects.get(identifier="T-2").family) == (
        "eclass_24_30", pot.family,
    )  # fmt: skip
    prices = PriceFact.objects.order_by("min_quantity").values_list(
        "product__identifier", "price_list__code", "min_quantity", "amount"
    )
    assert [(*p[:3], str(p[3])) for p in prices] == [
        ("T-1", "net_list_eur", 1, "125.0000"), ("T-1", "net_list_eur", 10, "110.0000"),
    ]  # fmt: skip
    tie = Association.objects.values_list("type__code", "source__identifier", "target__identifier")
    assert list(tie) == [("ACCESSORIES", "T-1", "T-2")]
    channel = Channel.objects.get()
    assert (channel.code, [x.code for x in channel.locales.all()]) == ("default", ["de"])


def test_etim_bmecat_keeps_languages_states_and_namespaces_apart(tmp_path, asked):
    run = bring(tmp_path, BMECAT_2005, "etim.xml", fetch=False)
    assert [line[5] for line in lines_of(run)] == ["not_fetched"]
    assert values_of("L-1") == {
        "": {
            "gtin": {"": "4006381333931"},
            "mpn": {"": "X"},
            "ef000008": {"": {"amount": "120", "unit": "MILLIMETER"}},
            "ef000010": {"": ["5", "8"]},
            "ef000011": {"": {"$state": "na"}},
            "customs_tariff": {"": "94051140"},
            "country_of_origin": {"": "FI"},
            "logistic_volume": {"": {"amount": "0.02", "unit": "CUBIC_METER"}},
            "weight": {"": {"amount": "1.9", "unit": "KILOGRAM"}},
            "length": {"": {"amount": "0.46", "unit": "METER"}},
            "height": {"": {"amount": "0.38", "unit": "METER"}},
        },
        "en": {"name": {"": "Lamp"}},
        "de": {"name": {"": "Lampe"}},
    }
    assert (Product.objects.count(), asked) == (1, [])


def test_icecat_product_comes_whole(tmp_path, asked):
    run = bring(tmp_path, ICECAT, "product.xml")
    documents = [line for line in lines_of(run) if line[2] != "document"]
    assert (run.counts["products"]["created"], documents) == (1, [])
    values = values_of("KT_24")
    assert {code: held[""] for code, held in values[""].items() if code not in MEDIA} == {
        "gtin": "4006381333931",
        "mpn": "KT 24",
        "brand": "halla",
        "released": "2026-02-01",
        "icecat_23": {"amount": "1.7", "unit": "LITER"},
        "icecat_24": True,
    }
    assert values["en"] == {
        "name": {"": "Halla kettle KT24"},
        "short_description": {"": "Halla kettle, 1.7 L"},
        "description": {"": "<b>Fast</b><br>and quiet"},
        "warranty": {"": "2 years"},
    }
    assert len(values[""]["image"][""]) == len(values[""]["gallery"][""]) == 1
    assert Family.objects.get().labels == {"en": "Electric kettles"}
    assert Attribute.objects.get(code="icecat_23").labels == {"en": "Capacity"}


MEDIA = ("image", "gallery", "document")


def test_icecat_index_gives_stubs(tmp_path):
    bring(tmp_path, ICECAT_INDEX, "files.index.xml")
    assert values_of("A1")["en"] == {"name": {"": "Notebook 14"}}
    assert set(values_of("A1")[""]) == {"gtin", "mpn", "image"}
    assert values_of("A2")[""] == {"mpn": {"": "A2"}}


def test_shopify_options_become_axes(tmp_path, asked):
    run = bring(tmp_path, SHOPIFY.encode(), "products_export_1.csv", currency="USD")
    assert (run.state, lines_of(run)) == ("done", [])
    tree = Product.objects.order_by("id").values_list(
        "identifier", "role", "parent__identifier", "enabled"
    )
    assert set(tree) == {
        ("shirt", "model", None, True),
        ("S-BM", "item", "shirt", True),
        ("S-BL", "item", "shirt", True),
        ("shirt-sand_m", "item", "shirt", True),
        ("MUG", "item", None, False),
    }
    variant = Product.objects.get(identifier="shirt").family_variant
    axes = FamilyVariantAttribute.objects.filter(family_variant=variant, axis=True)
    assert sorted(a.attribute.code for a in axes) == ["color", "size"]
    assert values_of("S-BM")[""]["color"] == {"": "sea_blue"}
    assert values_of("S-BM")[""]["weight"] == {"": {"amount": "250", "unit": "GRAM"}}
    assert values_of("shirt")[""]["brand"] == {"": "halla"}
    assert values_of("shirt")[""]["custom_fabric"] == {"": "Linen"}
    assert len(values_of("shirt")[""]["gallery"][""]) == 1
    assert values_of("shirt")["en"]["description"] == {"": "<p>Light</p>"}
    path = Product.objects.get(identifier="shirt").categories.get()
    assert (path.labels, path.parent.labels) == ({"en": "Shirts"}, {"en": "Apparel"})
    prices = PriceFact.objects.values_list("product__identifier", "price_list__code", "amount")
    assert {(p, code, str(amount)) for p, code, amount in prices} == {
        ("S-BM", "shopify_usd", "49.0000"),
        ("S-BM", "shopify_compare_at_usd", "59.0000"),
        ("S-BL", "shopify_usd", "49.0000"),
        ("shirt-sand_m", "shopify_usd", "45.0000"),
        ("MUG", "shopify_usd", "9.5000"),
    }
    stock = AvailabilityFact.objects.values_list("product__identifier", "state", "quantity")
    assert {(p, s, int(q)) for p, s, q in stock} == {
        ("S-BM", "in_stock", 4), ("S-BL", "out_of_stock", 0),
    }  # fmt: skip


def test_shopify_headers_of_today_are_the_same(tmp_path):
    text = "Title,URL handle,Vendor,SKU,Price,Option1 name,Option1 value\nMug,mug,Halla,M1,9,,\n"
    run = bring(tmp_path, text.encode(), "export.csv")
    assert (lines_of(run), Product.objects.get().identifier) == ([], "M1")


def test_woocommerce_variations_become_variants(tmp_path, asked):
    run = bring(tmp_path, WOOCOMMERCE.encode(), "wc-product-export.csv")
    assert (run.state, lines_of(run)) == ("done", [])
    tree = Product.objects.values_list("identifier", "role", "parent__identifier", "enabled")
    assert set(tree) == {
        ("HOODIE", "model", None, True),
        ("HOODIE-R", "item", "HOODIE", True),
        ("woo-12", "item", "HOODIE", True),
        ("MUG", "item", None, False),
    }
    assert values_of("HOODIE-R")[""]["colour"] == {"": "red"}
    assert values_of("HOODIE")[""]["material"] == {"": ["cotton", "wool"]}
    assert values_of("HOODIE")["en"]["description"] == {"": "<p>Soft\ncotton</p>"}
    assert values_of("MUG")[""]["made_in"] == {"": "Turku, Finland"}
    assert values_of("MUG")[""]["length"] == {"": {"amount": "9", "unit": "CENTIMETER"}}
    labels = {c.labels["en"] for c in Product.objects.get(identifier="HOODIE").categories.all()}
    assert labels == {"Clothing", "Hoodies"}
    ties = Association.objects.values_list("type__code", "source__identifier", "target__identifier")
    assert set(ties) == {("UPSELL", "HOODIE", "MUG"), ("UPSELL", "MUG", "HOODIE")}


def test_what_the_installation_has_is_used(tmp_path):
    load(write_folder(tmp_path / "in"))
    Attribute.objects.filter(code="color").update(labels={"en": "Colour"})
    attributes = set(Attribute.objects.values_list("code", flat=True))
    bring(tmp_path, SHOPIFY.encode(), "export.csv")
    made = set(Attribute.objects.values_list("code", flat=True)) - attributes
    assert values_of("shirt")[""]["maker"] == {"": ["halla"]}
    assert made == {"keywords", "meta_title", "custom_fabric"}
    assert values_of("S-BM")[""]["ean"] == {"": "4006381333931"}
    assert values_of("S-BM")[""]["size"] == {"": "m"}
    assert values_of("shirt")["en-US"]["name"] == {"": "Linen shirt"}
    assert values_of("shirt")["en-US"]["description"] == {
        "web": "<p>Light</p>",
        "print": "<p>Light</p>",
    }
    assert set(Channel.objects.values_list("code", flat=True)) == {"web", "print"}


HOSTILE = [
    (b'<!DOCTYPE BMECAT [<!ENTITY a "x">]><BMECAT>&a;</BMECAT>', "xml_entities"),
    (b"<BMECAT><T_NEW_CATALOG><PRODUCT><SUPPLIER_PID>A</SUPPLIER_PID>", "damaged_file"),
    (b"<rss><item/></rss>", "unknown_file"),
    (b"no xml at all", "unknown_file"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), HOSTILE, ids=[code for _data, code in HOSTILE])
def test_hostile_xml_is_refused_whole(tmp_path, data, code):
    folder = write_folder(tmp_path / "in")
    load(folder)
    (tmp_path / "zip").mkdir()
    (tmp_path / "zip" / "catalog.xml").write_bytes(data)
    (tmp_path / "zip" / "products.csv").write_text("sku\nA\n")
    run = load(tmp_path / "zip")
    assert [(line[0], line[5]) for line in lines_of(run)] == [("catalog.xml", code)]
    assert list(Product.objects.values_list("identifier", flat=True)) == ["A"]


def test_large_xml_is_read_as_a_stream(tmp_path):
    import tracemalloc

    from pim.importing.foreign import ForeignFile
    from pim.importing.foreign.xml import elements

    path = tmp_path / "large.xml"
    with path.open("wb") as out:
        out.write(b"<BMECAT><T_NEW_CATALOG>")
        for number in range(20_000):
            out.write(
                b"<PRODUCT><SUPPLIER_PID>%d</SUPPLIER_PID><X>%s</X></PRODUCT>"
                % (number, b"y" * 500)
            )
        out.write(b"</T_NEW_CATALOG></BMECAT>")
    file = ForeignFile("large.xml", "large", lambda: path.open("rb"))
    tracemalloc.start()
    count = sum(1 for _element in elements(file, "PRODUCT"))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 3_000_000


PRICES_ONLY = b"""<BMECAT version="1.2"><HEADER><CATALOG>
 <LANGUAGE>DEU</LANGUAGE><CURRENCY>EUR</CURRENCY>
 </CATALOG></HEADER><T_UPDATE_PRICES prev_version="1"><ARTICLE mode="update">
 <SUPPLIER_AID>T-1</SUPPLIER_AID><ARTICLE_PRICE_DETAILS><ARTICLE_PRICE price_type="net_list">
 <PRICE_AMOUNT>99</PRICE_AMOUNT><PRICE_CURRENCY>EUR</PRICE_CURRENCY></ARTICLE_PRICE>
 </ARTICLE_PRICE_DETAILS></ARTICLE></T_UPDATE_PRICES></BMECAT>"""


def test_a_bmecat_file_of_prices_changes_nothing_else(tmp_path):
    bring(tmp_path, BMECAT_12, "bmecat.xml", fetch=False)
    product = Product.objects.get(identifier="T-1")
    before = (values_of("T-1"), product.family.code)
    run = bring(tmp_path, PRICES_ONLY, "prices.xml")
    product.refresh_from_db()
    assert (values_of("T-1"), product.family.code) == before
    assert {kind for kind, held in run.counts.items() if set(held) - {"unchanged"}} == {"prices"}
    amounts = PriceFact.objects.filter(product=product, min_quantity=1)
    assert sorted(str(row.amount.normalize()) for row in amounts) == ["125", "99"]


def test_amounts_are_said_in_a_unit_that_is_known_here(tmp_path):
    units = [{"code": "LITER", "factor": "1"}, {"code": "DECILITER", "factor": "0.1"}]
    MeasurementFamily.objects.create(code="Volume", standard_unit="LITER", units=units)
    bring(tmp_path, BMECAT_2005, "etim.xml", fetch=False)
    assert values_of("L-1")[""]["logistic_volume"] == {"": {"amount": "20", "unit": "LITER"}}
    assert Attribute.objects.get(code="logistic_volume").default_unit == "LITER"


def test_a_file_in_another_encoding_than_it_says_is_told_so(tmp_path):
    run = bring(tmp_path, BMECAT_12.replace(b"ISO-8859-1", b"UTF-8"), "bmecat.xml")
    assert (run.state, "save it as UTF-8" in run.cause) == ("failed", True)
    assert Product.objects.count() == 0
