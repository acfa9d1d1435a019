"""Bar codes: what they hold, and that no size is outside what GS1 allows."""

import pytest

from syndication.rendering import barcodes


def test_ean_takes_the_forms_of_a_gtin_that_it_can_hold():
    assert [barcodes.ean(g).across for g in ("6429999001012", "036000291452", "96385074")] == [
        95,
        95,
        67,
    ]
    assert barcodes.ean("06429999001012") == barcodes.ean("6429999001012")
    with pytest.raises(barcodes.Unfit):
        barcodes.ean("16429999001019")


def test_quiet_zones_are_those_of_the_standard():
    symbols = {
        "ean13": barcodes.ean("6429999001012"),
        "ean8": barcodes.ean("96385074"),
        "itf": barcodes.itf14("6429999001012"),
        "128": barcodes.code128("A-1"),
        "matrix": barcodes.data_matrix("6429999001012"),
        "qr": barcodes.qr("https://halla.example/x"),
    }
    assert {n: (s.size.left, s.size.right) for n, s in symbols.items()} == {
        "ean13": (11, 7),
        "ean8": (7, 7),
        "itf": (10, 10),
        "128": (10, 10),
        "matrix": (1, 1),
        "qr": (4, 4),
    }
    assert symbols["ean13"].modules == 113  # 37.29 mm at 100 %


@pytest.mark.parametrize(
    ("width", "scale", "module"),
    [
        (200, 1, 0.330),
        (200, 2, 0.660),
        (200, 3, 0.660),
        (200, 0.8, 0.264),
        (200, 0.5, 0.264),
        (35, 1, 35 / 113),
        (29, 1, 0),
    ],
)
def test_module_keeps_between_eighty_and_two_hundred_per_cent(width, scale, module):
    found = barcodes.fitting_x(barcodes.ean("6429999001012"), width=width, scale=scale)
    assert found == pytest.approx(module)


@pytest.mark.parametrize("text", ["", "x" * 49, "Größe 3", "العربية", "a\nb"])
def test_own_number_that_cannot_be_coded_is_refused(text):
    with pytest.raises(barcodes.Unfit):
        barcodes.code128(text)
