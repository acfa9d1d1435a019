"""Numbers that are no GTIN: the row is taken, the report warns, and says which would be right."""

import pytest

from pim.actions import import_doubts
from pim.actions.import_options import USUAL
from pim.actions.import_preview import preview_import
from pim.importing.source import open_source
from pim.models import Attribute, JobLine, Product
from pim.queries.structure import forget_structure

from .files import IMPORTER, NOW, lines_of, load, write_folder

pytestmark = pytest.mark.django_db

HEAD = "sku;family;name-en_US;ean\n"
RIGHT, WRONG = "4006381333931", "4006381333932"
ROWS = (
    f"A;lamp;One;{WRONG}\nB;lamp;Two;{RIGHT}\nC;lamp;Three;n/a\nD;lamp;Four;\nE;lamp;;[unknown]\n"
)
WARNED = [
    ("products.csv", 2, "ean", "A", "noted", "bad_gtin"),
    ("products.csv", 4, "ean", "C", "noted", "no_gtin"),
]


@pytest.fixture
def folder(tmp_path):
    """A folder of products whose EAN has the role of a GTIN."""
    load(write_folder(tmp_path / "structure"))
    Attribute.objects.filter(code="ean").update(role="gtin")
    forget_structure()
    folder = tmp_path / "in"
    folder.mkdir()
    send(folder, ROWS)
    return folder


def send(folder, rows: str) -> None:
    (folder / "products.csv").write_text(HEAD + rows, encoding="utf-8")


def test_a_wrong_check_digit_is_warned_of_with_the_right_one(folder):
    job = load(folder)
    assert lines_of(job) == WARNED
    assert job.counts == {"products": {"created": 5}, "gtins": {"noted": 2}}
    said = JobLine.objects.get(job=job, code="bad_gtin")
    assert said.message == (
        f"The check digit of “{WRONG}” is wrong: the digits before it ask for 1, so that it would "
        f"be {RIGHT}. The value was taken; compare it with the packaging."
    )
    assert said.said["params"] == {"value": WRONG, "digit": 1, "right": RIGHT}


def test_of_many_the_first_are_listed_and_all_are_counted(folder, monkeypatch):
    monkeypatch.setattr(import_doubts, "LISTED", 1)
    job = load(folder)
    assert lines_of(job) == WARNED[:1]
    assert job.counts["gtins"] == {"noted": 2}


def test_only_what_is_new_is_warned_of(folder):
    load(folder)
    assert lines_of(load(folder)) == []
    send(folder, ROWS.replace("One", "First"))
    assert lines_of(load(folder)) == []
    send(folder, ROWS.replace(WRONG, "40063813339"))
    assert lines_of(load(folder)) == [("products.csv", 2, "ean", "A", "noted", "no_gtin")]


def test_a_dry_run_and_the_preview_of_a_profile_warn_too(folder):
    job = load(folder, dry_run=True)
    assert (lines_of(job), Product.objects.count()) == (WARNED, 0)
    with open_source(folder) as source:
        found = preview_import(source, options=USUAL, actor=IMPORTER, at=NOW)
    told = {
        row.subject: [(column, said[:15]) for column, said in row.reasons] for row in found.rows
    }
    assert told == {
        "A": [("ean", "The check digit")],
        "B": [],
        "C": [("ean", "“n/a” is no GTI")],
        "D": [],
        "E": [],
    }
    assert found.counts() == {"created": 5}


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("96385074", []),
        (" 4 006381-333931 ", []),  # outputs read it too
        ("4 006381-333932", ["bad_gtin"]),
        ("00000000", ["no_gtin"]),
        ("９６３８５０７４", ["no_gtin"]),  # digits, but not ASCII
    ],
)
def test_a_number_is_looked_at_as_outputs_read_it(folder, number, codes):
    send(folder, f"A;lamp;One;{number}\n")
    assert [line[5] for line in lines_of(load(folder))] == codes


def test_an_attribute_without_the_role_is_not_looked_at(folder):
    Attribute.objects.filter(code="ean").update(role="")
    forget_structure()
    assert lines_of(load(folder)) == []
