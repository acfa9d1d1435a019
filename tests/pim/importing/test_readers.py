"""Readers: encodings, delimiters, packed files, spreadsheets, and sources that mean harm."""

import gzip
import io
import zipfile
import zlib
from datetime import date

import pytest

from pim.content.refusals import Refused
from pim.importing.plan import read_plan
from pim.importing.recognise import recognise
from pim.importing.refusals import FileRefused, UnknownFile
from pim.importing.sheets import cell_text
from pim.importing.source import open_source
from pim.importing.tables import Table


def only_table(path):
    with open_source(path) as source:
        (table,) = source.tables()
        return table.header, list(table.read()), table.notices


def read_all(path) -> None:
    with open_source(path) as source:
        for found in source.tables():
            if isinstance(found, tuple):
                raise found[1]
            list(found.read())


def refused(path) -> str:
    with pytest.raises(FileRefused) as caught:
        read_all(path)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_table_reads_the_same_in_every_encoding_and_delimiter(tmp_path, encoding, delimiter):
    path = tmp_path / "products.csv"
    rows = [["sku", "name"], ["1", "Größe"], ["2", f'a{delimiter} "b"\nc'], ["3", "x"]]
    text = io.StringIO()
    import csv

    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    assert only_table(path) == (
        ["sku", "name"],
        [(2, ["1", "Größe"]), (3, ["2", f'a{delimiter} "b"\nc']), (5, ["3", "x"])],
        [],
    )


def test_windows_1252_is_read_with_a_notice(tmp_path):
    path = tmp_path / "products.csv"
    path.write_bytes("sku;name\n1;Größe €\n".encode("cp1252"))
    header, rows, notices = only_table(path)
    assert (header, rows, len(notices)) == (["sku", "name"], [(2, ["1", "Größe €"])], 1)


def test_packed_table_is_read(tmp_path):
    path = tmp_path / "products.csv.gz"
    path.write_bytes(gzip.compress(b"sku;name\n1;x\n"))
    assert only_table(path)[1] == [(2, ["1", "x"])]


def test_truncated_packed_table_is_refused(tmp_path):
    path = tmp_path / "products.csv.gz"
    path.write_bytes(gzip.compress(b"sku;name\n" + bytes(range(48, 123)) * 50)[:-12])
    assert refused(path) == "damaged_file"


def test_packed_bomb_is_refused(tmp_path):
    path = tmp_path / "products.csv.gz"
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    with path.open("wb") as out:
        for _ in range(200):
            out.write(squeeze.compress(b"0" * 1024 * 1024))
        out.write(squeeze.flush())
    assert refused(path) == "unpacks_too_large"


def workbook(**sheets: list[list]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                else:
                    sheet.write(line, column, cell)
    book.close()
    return out.getvalue()


def test_sheet_reads_numbers_dates_and_flags_as_a_file_has_them(tmp_path):
    path = tmp_path / "products.xlsx"
    path.write_bytes(
        workbook(
            Sheet1=[
                ["sku", "ean", "weight", "day", "on"],
                ["A", 4006381333931, 0.1, date(2026, 1, 31), True],
            ]
        )
    )
    header, rows, _notices = only_table(path)
    assert header == ["sku", "ean", "weight", "day", "on"]
    assert rows == [(2, ["A", "4006381333931", "0.1", "2026-01-31", "1"])]


def test_sheets_of_one_file_are_told_by_their_names(tmp_path):
    path = tmp_path / "catalogue.xlsx"
    path.write_bytes(
        workbook(products=[["sku"], ["A"]], families=[["code", "attributes"], ["f", "sku"]])
    )
    with open_source(path) as source:
        plan = read_plan(source)
    assert [(kind, table.name) for kind, table in plan.tables] == [
        ("families", "catalogue.xlsx[families]"),
        ("products", "catalogue.xlsx[products]"),
    ]


@pytest.mark.parametrize(
    ("file", "sheet"), [("products.xlsx", "Sheet1"), ("autumn.xlsx", "Products")]
)
def test_single_sheet_is_told_by_its_own_name_or_the_files(tmp_path, file, sheet):
    path = tmp_path / file
    path.write_bytes(workbook(**{sheet: [["code"], ["A"]]}))
    with open_source(path) as source:
        assert [kind for kind, _table in read_plan(source).tables] == ["products"]


def test_broken_spreadsheet_is_refused(tmp_path):
    path = tmp_path / "products.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    assert refused(path) == "damaged_file"


@pytest.mark.parametrize(
    ("cell", "text"), [(800.0, "800"), (0.1, "0.1"), (1e-7, "0.0000001"), (True, "1"), ("", "")]
)
def test_cell_becomes_the_text_of_a_file(cell, text):
    assert cell_text(cell) == text


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name.replace("__", "/"), data)
    return path


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/passwd.csv", "a/../../b.csv", "C:/x.csv"])
def test_archive_that_leads_outside_is_refused(tmp_path, name):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr(name, "sku\n1\n")
    assert refused(path) == "path_traversal"


def test_archive_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = archive(tmp_path / "x.zip", **{"products.csv": b"0" * 80 * 1024 * 1024})
    assert refused(path) == "archive_bomb"


def test_archive_with_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("pim.importing.source.MAX_ENTRIES", 3)
    path = archive(tmp_path / "x.zip", **{f"{n}.csv": "sku" for n in range(4)})
    assert refused(path) == "too_many_files"


def test_link_out_of_a_folder_is_not_followed(tmp_path):
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").symlink_to(secret)
    with open_source(folder) as source:
        assert source.find("a.jpg") is None
        assert source.find("../secret.jpg") is None
        assert source.find(str(secret)) is None


def test_media_are_found_by_path_below_usual_folders_and_by_a_single_name(tmp_path):
    names = ["images/a.jpg", "files/x/b.jpg", "files/y/c.jpg", "files/z/c.jpg"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    with open_source(tmp_path) as source:
        found = {
            path: source.find(path)
            for path in ("a.jpg", "files/x/b.jpg", "x/B.jpg", "b.jpg", "c.jpg")
        }
    assert found == {
        "a.jpg": "images/a.jpg",
        "files/x/b.jpg": "files/x/b.jpg",
        "x/B.jpg": "files/x/b.jpg",
        "b.jpg": "files/x/b.jpg",
        "c.jpg": None,
    }


def table(name: str, header: list[str]) -> Table:
    return Table(name, name.rsplit("/", 1)[-1].split(".", 1)[0], header, lambda: iter(()))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("attribute_options.csv", "options"),
        ("options.csv", "options"),
        ("a/b/Product_Models.csv", "product_models"),
        ("products_clothing.csv", "products"),
        ("1_products_csv_2026-01-01_10-30-00.csv", "products"),
        ("family-variants.csv", "family_variants"),
        ("price_lists.csv", "price_lists"),
        ("attribute_groups.csv", "attribute_groups"),
    ],
)
def test_file_is_told_by_its_name(name, kind):
    assert recognise(table(name, ["code"])) == kind


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["code", "family_variant", "name-en_US"], "product_models"),
        (["code", "type", "group"], "attributes"),
        (["code", "attribute", "label-en_US"], "options"),
        (["code", "family", "variant-axes_1"], "family_variants"),
        (["sku", "anything"], "products"),
        (["product", "price_list", "amount"], "prices"),
        (["article_number", "name"], "products"),
    ],
)
def test_file_of_any_name_is_told_by_its_header(header, kind):
    assert recognise(table("data.csv", header), identifier="article_number") == kind


def test_file_of_unknown_content_says_how_to_name_it():
    with pytest.raises(UnknownFile) as caught:
        recognise(table("data.csv", ["a", "b"]))
    assert "data.csv" in caught.value.say()
    assert isinstance(caught.value, Refused)
