"""A whole catalogue in files becomes structure and products; a second import changes nothing."""

import io
import json
import zipfile

import pytest
from PIL import Image

from pim.models import (
    Asset,
    Association,
    Attribute,
    Category,
    Change,
    Channel,
    Draft,
    Family,
    FamilyVariantAttribute,
    Job,
    Locale,
    LogEntry,
    MeasurementFamily,
    Product,
    ReferenceRecord,
    Version,
)

from .files import lines_of, load, shared_data, write_folder

pytestmark = pytest.mark.django_db

HEAD = (
    "sku;family;categories;enabled;groups;name-en_US;name-de_DE;description-en_US-web;ean;pieces;"
    "price-EUR;price-USD;trade-price-EUR-print;trade-price-web-USD;weight;weight-unit;"
    "weight-net;launched;outdoor;color;care;maker;sizes;notes;spare;X_SELL-products;"
    "BUNDLE-products;BUNDLE-products-quantity\n"
)
LAMP = (
    'L1;lamp;lamps;1;set;Lamp;Lampe;"<p onclick=""x"">Bright</p>";4006381333931;3;9.50;10;5;6;'
    "800;GRAM;1.5 KILOGRAM;2026-01-31;1;RED;wash,iron;halla;"
    '"[{""what"":""Base"",""cm"":""10.0""}]";"two\nlines";L2;L2;L2;2\n'
)
PRODUCTS = HEAD + LAMP + "L2;lamp;;0\n"


@pytest.fixture(autouse=True)
def _assets(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"


def values_of(identifier: str) -> dict:
    drafts = Draft.objects.filter(product__identifier=identifier)
    return {draft.locale: draft.values for draft in drafts if draft.values}


def state() -> dict:
    """Return everything that an import writes, for comparison."""
    models = (Product, Draft, Change, LogEntry, Version, Attribute, Family, Asset, Association)
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in models}


def jpeg(shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def test_categories_bring_introductions_and_pictures_by_file_or_code(tmp_path):
    categories = (
        "code;parent;label-en_US;intro-en_US;intro-fi_FI;image\n"
        "master;;Master;;;\n"
        "lamps;master;Lamps;<p>Warm<script>x</script></p>;<p>Lämmin</p>;lamps.png\n"
        "old;master;Old;;;nowhere.png\n"
        "coded;master;Coded;;;cover\n"
    )
    assets = "code;file;alt-en_US\ncover;images/cover.png;Cover\n"
    path = write_folder(tmp_path / "in", categories=categories, assets=assets)
    (path / "images").mkdir()
    for name, color in (("lamps.png", "red"), ("cover.png", "blue")):
        Image.new("RGB", (4, 4), color).save(path / "images" / name)
    run = load(path)
    rows = {row.code: row for row in Category.objects.select_related("image")}
    assert rows["lamps"].intro == {"en-US": "<p>Warm</p>", "fi-FI": "<p>Lämmin</p>"}
    assert {code: row.image and row.image.filename for code, row in rows.items()} == {
        "master": None, "lamps": "lamps.png", "old": None, "coded": "cover.png",
    }  # fmt: skip
    assert lines_of(run) == [("categories.csv", 4, "image", "old", "noted", "media_missing")]
    entries = LogEntry.objects.count()
    assert load(path).counts["categories"] == {"unchanged": 4, "noted": 1}
    assert LogEntry.objects.count() == entries


def test_every_kind_of_value_is_read(tmp_path):
    run = load(write_folder(tmp_path / "in", products=PRODUCTS))
    assert (run.state, lines_of(run)) == ("done", [])
    assert run.counts["products"] == {"created": 2}
    assert values_of("L1") == {
        "": {
            "ean": {"": "4006381333931"},
            "pieces": {"": "3"},
            "price": {"": {"EUR": "9.5", "USD": "10"}},
            "trade-price": {"print": {"EUR": "5"}, "web": {"USD": "6"}},
            "weight": {"": {"amount": "800", "unit": "GRAM"}},
            "weight-net": {"": {"amount": "1.5", "unit": "KILOGRAM"}},
            "launched": {"": "2026-01-31"},
            "outdoor": {"": True},
            "color": {"": "red"},
            "care": {"": ["iron", "wash"]},
            "maker": {"": ["halla"]},
            "sizes": {"": [{"what": "Base", "cm": "10"}]},
            "notes": {"": "two\nlines"},
            "spare": {"": [str(Product.objects.get(identifier="L2").uuid)]},
        },
        "en-US": {"name": {"": "Lamp"}, "description": {"web": "<p>Bright</p>"}},
        "de-DE": {"name": {"": "Lampe"}},
    }
    lamp = Product.objects.get(identifier="L1")
    assert [c.code for c in lamp.categories.all()] == ["lamps"]
    assert [g.code for g in lamp.groups.all()] == ["set"]
    ties = Association.objects.values_list("type__code", "target__identifier", "quantity")
    assert sorted(ties) == [("BUNDLE", "L2", 2), ("X_SELL", "L2", None)]
    assert Product.objects.get(identifier="L2").enabled is False


def test_second_import_changes_nothing_and_makes_no_version(tmp_path):
    folder = write_folder(tmp_path / "in", products=PRODUCTS)
    load(folder, publish=True)
    before = state()
    run = load(folder, publish=True)
    assert state() == before
    assert {tuple(counts) for counts in run.counts.values()} == {("unchanged",)}


def test_row_edited_since_is_compared_again_and_set_back(tmp_path):
    folder = write_folder(tmp_path / "in", products=PRODUCTS)
    load(folder)
    other = tmp_path / "other" / "products.csv"
    other.parent.mkdir()
    other.write_text("sku;pieces\nL1;77\n")
    assert load(other).counts["products"] == {"changed": 1}
    assert values_of("L1")[""]["pieces"] == {"": "77"}
    assert load(folder).counts["products"] == {"changed": 1, "unchanged": 1}
    assert values_of("L1")[""]["pieces"] == {"": "3"}


def test_table_with_one_currency_leaves_the_others_alone(tmp_path):
    load(write_folder(tmp_path / "in", products="sku;price-EUR;price-USD\nA;1;2\n"))
    path = tmp_path / "products.csv"
    path.write_text("sku;price-EUR\nA;3\n")
    assert load(path).counts["products"] == {"changed": 1}
    assert values_of("A")[""] == {"price": {"": {"EUR": "3", "USD": "2"}}}
    path.write_text("sku;price-EUR\nA;\n")
    load(path)
    assert values_of("A")[""] == {"price": {"": {"USD": "2"}}}


def test_dry_run_says_what_the_real_run_does_and_writes_nothing(tmp_path):
    folder = write_folder(
        tmp_path / "in",
        products="sku;family;name-en_US;image;pieces\nL1;lamp;A;p.jpg;1\nL2;lamp;B;;x\n",
    )
    (folder / "p.jpg").write_bytes(jpeg())
    before = state()
    dry = load(folder, dry_run=True)
    assert state() == before
    assert not (tmp_path / "assets").exists()
    real = load(folder)
    assert (dry.counts, lines_of(dry)) == (real.counts, lines_of(real))
    assert Product.objects.count() == 1


def test_bad_rows_are_refused_with_line_column_code_and_stop_no_other(tmp_path):
    rows = (
        "sku;family;categories;color;pieces;weight;weight-unit\n"
        "A;lamp;lamps;red;1;2;GRAM\n"
        "B;nope;lamps;red;1;2;GRAM\n"
        "C;lamp;nowhere;red;1;2;GRAM\n"
        "D;lamp;lamps;pink;many;2;MILE\n"
        ";lamp;lamps;red;1;2;GRAM\n"
        "A;lamp;lamps;blue;1;2;GRAM\n"
    )
    run = load(write_folder(tmp_path / "in", products=rows))
    assert lines_of(run) == [
        ("products.csv", 6, "", "", "refused", "no_identifier"),
        ("products.csv", 7, "", "A", "refused", "repeated_row"),
        ("products.csv", 3, "family", "B", "refused", "unknown_code"),
        ("products.csv", 4, "categories", "C", "refused", "unknown_code"),
        ("products.csv", 5, "color", "D", "refused", "unknown_option"),
        ("products.csv", 5, "pieces", "D", "refused", "not_a_number"),
        ("products.csv", 5, "weight", "D", "refused", "unknown_code"),
    ]
    assert run.counts["products"] == {"created": 1, "refused": 5}
    assert list(Product.objects.values_list("identifier", flat=True)) == ["A"]


def test_refusal_names_the_column_of_its_locale_and_currency(tmp_path):
    long = "x" * 256
    rows = (
        "sku;family;price-USD;price-EUR;name-de_DE;name-en_US\n"
        f"A;lamp;1;12,50;x;x\nB;lamp;1;2;x;{long}\n"
    )
    run = load(write_folder(tmp_path / "in", products=rows))
    assert [line[2:4] + line[5:] for line in lines_of(run)] == [
        ("price-EUR", "A", "not_a_number"),
        ("name-en_US", "B", "too_long"),
    ]


def test_columns_of_a_table_have_labels_in_our_locales_and_may_lack_their_options(tmp_path):
    columns = (
        '[{"code":"part","data_type":"select","labels":{"de_DE":"Teil"},'
        '"options":[{"code":"nut","labels":{"de_DE":"Mutter","en_US":"Nut"}}]},'
        '{"code":"metal","data_type":"select","labels":[]}]'
    ).replace('"', '""')
    header = "code;type;group;table_configuration\n"
    row = '"[{""part"":""nut"",""metal"":""zinc""}]"'
    run = load(
        write_folder(
            tmp_path / "in",
            more_attributes=f'{header}parts;pim_catalog_table;tech;"{columns}"\n',
            products=f"sku;family;parts\nA;lamp;{row}\n",
        )
    )
    assert not lines_of(run)
    first, second = Attribute.objects.get(code="parts").rules["columns"]
    assert first["labels"] == {"de-DE": "Teil"}
    assert first["options"] == [{"code": "nut", "labels": {"de-DE": "Mutter", "en-US": "Nut"}}]
    assert (second["labels"], second["options"]) == ({}, [])
    assert values_of("A")[""]["parts"] == {"": [{"part": "nut", "metal": "zinc"}]}


def test_unknown_columns_are_named_once_and_left_out(tmp_path):
    rows = "sku;family;colour;name-fr_FR;name;weight-unit\nA;lamp;red;x;y;GRAM\nB;lamp;red;x;y;\n"
    run = load(write_folder(tmp_path / "in", products=rows))
    assert lines_of(run) == [
        ("products.csv", 1, "colour", "", "noted", "unknown_column"),
        ("products.csv", 1, "name-fr_FR", "", "noted", "unknown_locale"),
        ("products.csv", 1, "name", "", "noted", "wrong_locale"),
    ]
    assert run.counts["products"] == {"noted": 3, "created": 2}


def test_variants_find_models_that_stand_further_on(tmp_path):
    models = (
        "code;family_variant;parent;name-en_US;color\n"
        "M-red;lamp_color_size;M;;red\nM;lamp_color_size;;Lamp;\n"
    )
    rows = "sku;parent;size;weight;weight-unit\nV1;M-red;s;5;GRAM\nV2;M-red;m;5;GRAM\n"
    folder = write_folder(tmp_path / "in", product_models=models, products=rows)
    run = load(folder)
    assert lines_of(run) == []
    found = Product.objects.order_by("identifier").values_list("identifier", "role", "level")
    assert list(found) == [
        ("M", "model", 0),
        ("M-red", "model", 1),
        ("V1", "item", 2),
        ("V2", "item", 2),
    ]
    assert load(folder).counts["product_models"] == {"unchanged": 2}


def test_parents_in_a_later_file_of_articles_are_found(tmp_path):
    folder = write_folder(
        tmp_path / "in",
        products_1="sku;family;X_SELL-products\nA;lamp;B\n",
        products_2="sku;family;X_SELL-products\nB;lamp;A,C\n",
    )
    run = load(folder)
    assert lines_of(run) == [
        ("products_2.csv", 2, "X_SELL-products", "B", "noted", "unknown_product")
    ]
    assert run.counts["products"] == {"created": 2, "noted": 1}
    ties = Association.objects.values_list("source__identifier", "target__identifier")
    assert sorted(ties) == [("A", "B"), ("B", "A")]
    before = state()
    assert load(folder).counts["products"] == {"unchanged": 2, "noted": 1}
    assert state() == before


def test_missing_targets_are_left_out_one_by_one_and_the_rest_stays(tmp_path):
    rows = "sku;family;spare;X_SELL-products\nA;lamp;B,C,D;B,E,F\nB;lamp;;\n"
    run = load(write_folder(tmp_path / "in", products=rows))
    assert run.counts["products"] == {"created": 2, "noted": 4}
    assert [(line[2], line[5]) for line in sorted(lines_of(run))] == [
        ("X_SELL-products", "unknown_product"),
        ("X_SELL-products", "unknown_product"),
        ("spare", "unknown_product"),
        ("spare", "unknown_product"),
    ]
    assert values_of("A")[""]["spare"] == {"": [str(Product.objects.get(identifier="B").uuid)]}
    assert list(Association.objects.values_list("target__identifier", flat=True)) == ["B"]


def test_value_on_the_wrong_level_is_left_out_and_named(tmp_path):
    models = "code;family_variant;name-en_US;weight;weight-unit\nM;lamp_color;Lamp;5;GRAM\n"
    run = load(write_folder(tmp_path / "in", product_models=models))
    assert lines_of(run) == [("product_models.csv", 2, "weight", "M", "noted", "wrong_level")]
    assert values_of("M") == {"en-US": {"name": {"": "Lamp"}}}


def test_unique_attributes_live_on_the_deepest_level(tmp_path):
    load(write_folder(tmp_path / "in"))
    placed = FamilyVariantAttribute.objects.filter(attribute__code__in=["sku", "ean"])
    levels = placed.values_list("family_variant__code", "attribute__code", "level")
    assert sorted(levels) == [
        ("lamp_color", "ean", 1),
        ("lamp_color", "sku", 1),
        ("lamp_color_size", "ean", 2),
        ("lamp_color_size", "sku", 2),
    ]


def test_structure_gets_its_readers_roles_and_usual_units(tmp_path):
    load(write_folder(tmp_path / "in"))
    enabled = Locale.objects.filter(enabled=True).values_list("code", flat=True)
    assert sorted(enabled) == ["de-DE", "en-US"]
    channels = Channel.objects.values_list("code", "audiences__code", "gate", "category_tree__code")
    assert sorted(channels) == [
        ("print", "consumer", 0, "master"),
        ("web", "consumer", 0, "master"),
    ]
    roles = Attribute.objects.exclude(role="").values_list("role", "code")
    assert dict(roles) == {
        "name": "name",
        "description": "description",
        "gtin": "ean",
        "price": "price",
        "weight": "weight",
        "color": "color",
        "size": "size",
        "image": "image",
        "gallery": "gallery",
        "document": "manual",
        "brand": "maker",
    }
    assert Attribute.objects.get(code="description").kind == "richtext"
    assert MeasurementFamily.objects.get().code == "Weight"


def test_records_of_other_systems_name_their_entity_in_their_own_words(tmp_path):
    table = "referenceEntityIdentifier;code;label-en_US\nmakers;uusi;Uusi\n"
    run = load(write_folder(tmp_path / "in", brands=table))
    assert run.counts["reference_records"] == {"created": 2}


def test_repeated_and_unknown_rows_of_structure_are_refused(tmp_path):
    folder = write_folder(tmp_path / "in")
    (folder / "attribute_options.csv").write_text(
        "code;attribute\nred;color\nred;color\nx;nope\n", encoding="utf-8"
    )
    (folder / "families.csv").write_text("code;attributes\nlamp;sku,nope\n", encoding="utf-8")
    (folder / "family_variants.csv").unlink()
    run = load(folder)
    assert lines_of(run) == [
        ("attribute_options.csv", 3, "code", "red", "refused", "repeated_row"),
        ("attribute_options.csv", 4, "attribute", "x", "refused", "unknown_code"),
        ("families.csv", 2, "attributes", "lamp", "refused", "unknown_code"),
    ]


def test_kind_of_an_attribute_in_use_cannot_change(tmp_path):
    folder = write_folder(tmp_path / "in")
    load(folder)
    (folder / "attributes.csv").write_text("code;type;group\npieces;pim_catalog_text;info\n")
    assert lines_of(load(folder)) == [("attributes.csv", 2, "type", "pieces", "refused", "fixed")]
    assert Attribute.objects.get(code="pieces").kind == "number"


def test_zip_with_pictures_is_taken_in_once(tmp_path):
    folder = write_folder(
        tmp_path / "in",
        products="sku;family;image;gallery\nA;lamp;images/a.jpg;a.jpg,B.JPG\nB;lamp;files/b/b.jpg;\n"
        "C;lamp;images/missing.jpg;\nD;lamp;images/broken.jpg;\n",
    )
    path = tmp_path / "catalogue.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for table in folder.iterdir():
            archive.write(table, f"export/{table.name}")
        archive.writestr("export/images/a.jpg", jpeg(10))
        archive.writestr("export/images/broken.jpg", jpeg(30)[:200])
        archive.writestr("export/files/b/b.jpg", jpeg(20))
    run = load(path)
    assert lines_of(run) == [
        ("export/products.csv", 4, "image", "C", "noted", "media_missing"),
        ("export/products.csv", 5, "image", "D", "noted", "damaged_picture"),
    ]
    assert run.counts["products"] == {"created": 4, "noted": 2}
    codes = {asset.filename: asset.code for asset in Asset.objects.all()}
    assert set(codes) == {"a.jpg", "b.jpg"}
    assert values_of("A")[""] == {
        "image": {"": [codes["a.jpg"]]},
        "gallery": {"": [codes["a.jpg"], codes["b.jpg"]]},
    }
    before = state()
    assert load(path).counts["products"] == {"unchanged": 4, "noted": 2}
    assert state() == before


def test_changed_picture_under_the_same_name_is_noticed(tmp_path):
    folder = write_folder(tmp_path / "in", products="sku;family;image\nA;lamp;a.jpg\n")
    (folder / "a.jpg").write_bytes(jpeg(10))
    load(folder)
    first = values_of("A")[""]["image"][""]
    (folder / "a.jpg").write_bytes(jpeg(200) + b"x")
    assert load(folder).counts["products"] == {"changed": 1}
    assert values_of("A")[""]["image"][""] != first


def test_wrong_kind_of_medium_is_refused_for_that_value(tmp_path):
    folder = write_folder(tmp_path / "in", products="sku;family;manual\nA;lamp;a.jpg\n")
    (folder / "a.jpg").write_bytes(jpeg())
    assert lines_of(load(folder)) == [("products.csv", 2, "manual", "A", "noted", "wrong_media")]


def test_states_without_data_are_told_apart(tmp_path):
    rows = "sku;family;pieces;notes;color\nA;lamp;[empty];[unknown];[n/a]\n"
    load(write_folder(tmp_path / "in", products=rows))
    assert values_of("A")[""] == {
        "pieces": {"": {"$state": "empty"}},
        "notes": {"": {"$state": "unknown"}},
        "color": {"": {"$state": "na"}},
    }


def test_products_are_found_by_uuid(tmp_path):
    load(write_folder(tmp_path / "in", products="sku;family\nA;lamp\n"))
    known = Product.objects.get()
    path = tmp_path / "products.csv"
    new = "6f8a1f0e-6f1e-4a4e-9d6d-2f4f3c2b1a00"
    path.write_text(f"uuid;sku;pieces\n{known.uuid};;4\n{new};;5\nnope;;6\n")
    run = load(path)
    assert run.counts["products"] == {"refused": 1, "changed": 1, "created": 1}
    found = Product.objects.order_by("pk").values_list("identifier", "uuid")
    assert [(name, str(key)) for name, key in found] == [("A", str(known.uuid)), (new, new)]
    path.write_text(f"uuid;pieces\n{known.uuid};4\n")
    assert load(path).counts["products"] == {"unchanged": 1}


def test_uploaded_table_does_not_reach_the_files_beside_it(tmp_path, settings):
    from django.core.files.base import ContentFile

    from pim.actions.imports import queue_import
    from pim.actions.jobs import run_job

    settings.MEDIA_ROOT = tmp_path / "media"
    load(write_folder(tmp_path / "in"))
    (tmp_path / "media" / "jobs").mkdir(parents=True)
    (tmp_path / "media" / "jobs" / "other.jpg").write_bytes(jpeg())
    upload = ContentFile(b"sku;family;image\nA;lamp;other.jpg\n", name="products.csv")
    run = queue_import(upload, user=None)
    run_job(run.pk, at=run.created_at)
    assert lines_of(run) == [("products.csv", 2, "image", "A", "noted", "media_missing")]
    assert Asset.objects.count() == 0


def test_unreadable_file_fails_with_its_cause(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"no zip")
    run = load(path)
    assert (run.state, run.cause) == ("failed", "“x.zip” is not a zip file that can be read.")
    assert Job.objects.filter(state="failed").count() == 1


def test_nothing_to_import_fails_with_its_cause(tmp_path):
    (tmp_path / "in").mkdir()
    run = load(tmp_path / "in")
    assert (run.state, "no table" in run.cause) == ("failed", True)
    (tmp_path / "in" / "misc.csv").write_text("a;b\n1;2\n")
    run = load(tmp_path / "in" / "misc.csv")
    assert (run.state, "misc.csv" in run.cause) == ("failed", True)


def test_unknown_file_is_named_with_the_cure(tmp_path):
    folder = write_folder(tmp_path / "in")
    (folder / "misc.csv").write_text("a;b\n1;2\n")
    run = load(folder)
    assert lines_of(run) == [("misc.csv", 0, "", "", "refused", "unknown_file")]


apparel = pytest.mark.skipif(shared_data("apparel-models") is None, reason="real data not at hand")


@apparel
def test_real_catalogue_is_imported_whole_and_twice_the_same():
    run = load(shared_data("apparel-models"), publish=True)
    assert run.counts.pop("gtins") == {"noted": 217}
    created = {kind: counts.get("created") for kind, counts in run.counts.items()}
    assert created == {
        "locales": 210,
        "currencies": 294,
        "attribute_groups": 6,
        "categories": 30,
        "channels": 3,
        "attributes": 27,
        "options": 53,
        "families": 3,
        "family_variants": 8,
        "association_types": 4,
        "group_types": 1,
        "groups": 1,
        "product_models": 80,
        "products": 242,
        "published": 322,
    }
    assert {line[5] for line in lines_of(run)} == {"media_missing", "wrong_level", "bad_gtin"}
    before = state()
    again = load(shared_data("apparel-models"), publish=True)
    assert state() == before
    assert again.counts["products"] == {"unchanged": 242}
    assert "gtins" not in again.counts


def test_cells_of_records_are_what_their_fields_hold(tmp_path):
    fields = [
        {"code": "renewable", "kind": "boolean"},
        {"code": "density", "kind": "number"},
        {"code": "uses", "kind": "multiselect", "options": [{"code": "a"}, {"code": "b"}]},
    ]
    text = json.dumps(fields).replace('"', '""')
    (tmp_path / "reference_entities.csv").write_text(f'code;fields\nmaterial;"{text}"\n')
    (tmp_path / "reference_records.csv").write_text(
        "code;reference_entity;renewable;density;uses\noak;material;1;0.70;a,b\n"
        "iron;material;0;;\ntin;material;perhaps;7;c\n"
    )
    run = load(tmp_path)
    assert run.counts["reference_records"] == {"created": 2, "refused": 1}
    assert dict(ReferenceRecord.objects.values_list("code", "values")) == {
        "oak": {"renewable": {"": True}, "density": {"": "0.7"}, "uses": {"": ["a", "b"]}},
        "iron": {"renewable": {"": False}},
    }
    assert load(tmp_path).counts["reference_records"] == {"unchanged": 2, "refused": 1}
