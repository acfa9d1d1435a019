"""The synthetic catalogue: the same seed, the same bytes; every size is sound."""

import pytest
from django.core.management import call_command
from stdnum import ean

from pim.importing.synthetic import Recipe, gtin13, write_catalogue
from pim.models import Asset, Draft, Product, Version
from pim.queries.structure import load_structure


def contents(folder) -> dict:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_same_seed_gives_the_same_files(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_catalogue(tmp_path / name, Recipe(products=40, seed=seed, images=2))
    one, same, other = (contents(tmp_path / name) for name in "abc")
    assert one == same
    assert one["products.csv"] != other["products.csv"]


@pytest.mark.parametrize("number", [0, 1, 99_999, 999_999_999])
def test_gtin_is_valid(number):
    assert ean.is_valid(gtin13(number))


@pytest.mark.django_db
def test_seed_makes_what_it_says(settings, tmp_path, capsys):
    settings.ASSET_ROOT = tmp_path / "assets"
    settings.SCRATCH_ROOT = tmp_path / "scratch"
    call_command("seed", products=50, seed=3, images=2, publish=True)
    roles = Product.objects.values_list("role", flat=True)
    assert (list(roles).count("item"), list(roles).count("model")) == (50, 5)
    assert (Version.objects.count(), Asset.objects.count()) == (55, 2)
    assert "refused" in capsys.readouterr().out
    assert list((tmp_path / "scratch").iterdir()) == []
    call_command("seed", products=50, seed=3, images=2, publish=True)
    assert Version.objects.count() == 55


@pytest.mark.django_db
def test_seed_changes_nothing_that_is_there(settings, tmp_path, capsys):
    settings.ASSET_ROOT = tmp_path / "assets"
    settings.SCRATCH_ROOT = tmp_path / "scratch"
    own = tmp_path / "own"
    own.mkdir()
    rows = {
        "channels": "code;label-en;locales;currencies;tree\nweb;Shop;en,fi;EUR,DKK;catalogue\n",
        "categories": "code;parent;label-en\ncatalogue;;Ours\n",
        "attributes": "code;type;localizable\nsku;identifier;0\nmaterial;number;0\nname;text;1\n",
        "families": "code;label-en;attributes\nlighting;Lamps;sku,name,material\n",
        "products": "sku;family;name-en;material\nL1;lighting;Lamp;7\n",
    }
    for name, text in rows.items():
        (own / f"{name}.csv").write_text(text)
    call_command("import_catalog", str(own))
    before = _told()
    capsys.readouterr()
    call_command("seed", products=50, seed=3, images=1)
    report = [line.split() for line in capsys.readouterr().out.split("\n") if line[:1].isalpha()]
    assert {row[0]: (row[2], row[4]) for row in report} == {row[0]: ("0", "0") for row in report}
    assert _told() == before
    assert Product.objects.filter(family__code="seed_lighting").count() > 0
    assert Product.objects.count() == 1 + 50 + 5
    solo = Draft.objects.get(product__identifier="P0000049", locale="")
    assert solo.values["price"][""].keys() == {"EUR", "DKK"}
    assert Draft.objects.filter(product__identifier="P0000049").count() == 3


def _told() -> dict:
    structure = load_structure()
    lamp = structure.families["lighting"]
    return {
        "channel": structure.channels["web"],
        "tree": structure.categories["catalogue"].labels,
        "family": (lamp.labels, lamp.attributes),
        "kind": structure.attributes["material"].kind,
    }
