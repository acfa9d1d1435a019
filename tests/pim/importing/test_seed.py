"""The synthetic catalogue: the same seed, the same bytes; every size is sound."""

import pytest
from django.core.management import call_command
from stdnum import ean

from pim.importing.synthetic import Recipe, gtin13, write_catalogue
from pim.models import Asset, Product, Version


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
