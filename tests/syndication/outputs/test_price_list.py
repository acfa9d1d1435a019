"""Price lists: rows in order and whole, heads on every page, stretches that leave no trace."""

import hashlib
import re

import pikepdf
import pytest

from syndication.contract import Facts, Piece, Pieces, Unit
from syndication.outputs.price_list import PriceList
from syndication.rendering.price_list import setting
from tests.factories import listings as samples
from tests.factories import printed
from tests.factories.golden import assert_golden

from .contract_cases import OutputKindCases

KIND = PriceList()


class TestPriceList(OutputKindCases):
    kind = KIND


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("prices")


def articles(count: int, locale: str = "en") -> list[Unit]:
    """Return units of one article each."""
    listed = ((u, x) for u in samples.units(count, locale) for x in u.listings[locale])
    sold = ((u, x) for u, x in listed if x.body["role"] == "item")
    return [Unit(x.product_id, {locale: (x,)}, u.facts) for u, x in sold][:count]


def issued(folder, units, locale="en", *, number=7, memo=None, **options):
    context = samples.context(KIND, locale, folder, memo=memo, **options)
    files, refusals = printed.issue(KIND, units, context, folder, number=number)
    assert refusals == []
    return files[f"price-list.{locale}.pdf"]


def pages(path) -> list[str]:
    return printed.text(path, 0, "-layout").split("\f")[:-1]


class Memo:
    """Remembers, and counts what it had to make."""

    def __init__(self):
        self.kept, self.made = {}, 0

    def __call__(self, key, make):
        name = hashlib.sha256(key.encode()).hexdigest()
        if name not in self.kept:
            self.kept[name], self.made = make(), self.made + 1
        return self.kept[name]

    def knows(self, key):
        return hashlib.sha256(key.encode()).hexdigest() in self.kept


def priced(unit: Unit, *prices) -> Unit:
    """Return the unit with these prices, (list, currency, from quantity, amount, ends) each."""
    (locale,) = unit.listings
    names = ("price_list", "currency", "min_quantity", "amount", "valid_to")
    rows = tuple(dict(zip(names, row, strict=True)) | {"tax_included": False} for row in prices)
    return Unit(unit.id, unit.listings, {unit.main(locale).identifier: Facts(rows)})


@pytest.mark.parametrize("locale", ["de", "ar"])
def test_text_of_the_list_is_as_last_looked_at(locale, folder):
    path = issued(folder, articles(30, locale), locale, pack="pieces", valid_from="2027-01-01")
    assert_golden(f"price_list-{locale}.txt", printed.text(path).encode())


def test_every_article_is_on_one_page_once_below_heads_of_its_own(folder):
    units = articles(150)
    found = pages(issued(folder, units, number=11))
    lines = [line for page in found[1:] for line in page.splitlines()]
    for unit in units:
        main = unit.main("en")
        (line,) = [line for line in lines if line.split()[:1] == [main.identifier]]
        amount = unit.facts[main.identifier].prices[0]["amount"]
        assert line.rstrip().endswith(f"€{amount}"), line
    for page in found[1:]:
        heads = [line for line in page.splitlines() if line.split()[:2] == ["Art.", "no."]]
        assert len(heads) == 1


def test_contents_name_the_page_where_a_category_begins(folder):
    path = issued(folder, articles(200), number=12)
    found = pages(path)
    rows = re.findall(r"^\s*(\S.*?)\s{3,}(\d+)$", found[0], re.M)
    assert [title for title, _page in rows] == [
        "At home",
        "Blankets & textiles",
        "Small furniture",
        "At the table",
        "Light",
        "To wear",
        "For the road",
    ]
    for title, page in rows:
        first = next(n for n, text in enumerate(found[1:], 2) if title in text)
        assert first == int(page), title
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages, 1)}
        goals = [numbers[note.Dest[0].objgen] for note in pdf.pages[0].Annots]
    assert sorted(set(goals)) == sorted({int(page) for _title, page in rows})


def test_running_head_names_what_the_page_goes_on_with(folder):
    found = pages(issued(folder, articles(200), number=13))
    blankets = [page for page in found[1:] if "BLANKET-" in page]
    assert all(page.split("\n")[0].strip().startswith("At home · ") for page in blankets)


def test_stretches_leave_no_trace(folder, monkeypatch):
    units = articles(260)
    whole = pages(issued(folder, units, number=21))
    monkeypatch.setattr(setting, "STRETCH", 90)
    assert pages(issued(folder, units, number=21)) == whole
    monkeypatch.setattr(setting, "STRETCH", 7)  # less than a page: it grows until there is one
    assert pages(issued(folder, units, number=21)) == whole


def dearer(units: list[Unit], *places: int) -> list[Unit]:
    """Return the articles with another price of those in these places."""
    new = ("retail", "EUR", 1, "1.11", None)
    return [priced(unit, new) if n in places else unit for n, unit in enumerate(units)]


def plain(units: list[Unit]) -> list[Unit]:
    return [priced(unit, ("retail", "EUR", 1, f"{n}.50", None)) for n, unit in enumerate(units)]


@pytest.mark.parametrize(("locale", "stretch"), [("en", 220), ("ar", 90)])
def test_new_prices_set_their_own_pages_alone_as_if_all_were_set_anew(
    locale, stretch, folder, monkeypatch
):
    monkeypatch.setattr(setting, "STRETCH", stretch)
    units, memo = plain(articles(260, locale)), Memo()
    issued(folder, units, locale, number=31, memo=memo)
    cold = memo.made
    issued(folder, units, locale, number=31, memo=memo)
    assert memo.made == cold
    changed = dearer(units, 3, 4, 200)
    path = issued(folder, changed, locale, number=31, memo=memo)
    assert memo.made - cold == 2  # the pages of three rows, two of them neighbours
    again = path.read_bytes()
    anew = issued(folder, changed, locale, number=31, memo=Memo())
    assert printed.text(anew).count("1.11") == 3
    assert again == anew.read_bytes()


def test_other_changes_set_the_list_as_if_it_were_set_anew(folder, monkeypatch):
    monkeypatch.setattr(setting, "STRETCH", 90)
    units, memo = plain(articles(260)), Memo()
    issued(folder, units, number=32, memo=memo)
    gone = [*units[:5], *units[6:150], *units[151:]]
    again = issued(folder, gone, number=32, memo=memo).read_bytes()
    assert again == issued(folder, gone, number=32, memo=Memo()).read_bytes()


def test_a_row_higher_than_a_page_goes_on_over_pages(folder):
    units = plain(articles(12))
    steps = [("trade", "EUR", least, f"{least}.25", None) for least in range(1, 160)]
    units[6] = priced(units[6], *steps)
    columns = [{"price_list": "trade"}, {"price_list": "retail"}]
    memo = Memo()
    issued(folder, units, number=33, memo=memo, columns=columns)
    again = issued(folder, dearer(units, 9), number=33, memo=memo, columns=columns)
    found = printed.text(again)
    assert [found.count(f"€{least}.25") for least in range(2, 160)] == [1] * 158
    whole = again.read_bytes()
    anew = issued(folder, dearer(units, 9), number=33, memo=Memo(), columns=columns)
    assert whole == anew.read_bytes()


def test_columns_are_the_price_lists_that_are_chosen(folder):
    (unit,) = articles(1)
    unit = priced(
        unit,
        ("trade", "EUR", 1, "10", None),
        ("trade", "EUR", 12, "9.5", None),
        ("trade", "EUR", 144, "8.25", None),
        ("retail", "EUR", 1, "20", None),
        ("retail", "EUR", 1, "18", "2027-01-01"),
        ("export", "DKK", 1, "150", None),
    )
    rows = [{"price_list": "trade", "heading": "Trade"}, {"price_list": "retail", "heading": ""}]
    path = issued(folder, [unit], number=41, columns=rows)
    found = printed.text(path)
    assert [w in found for w in ("Trade", "retail", "export", "DKK")] == [True, True, False, False]
    assert [p in found for p in ("€10.00", "from 12", "€9.50", "from 144", "€8.25", "€18.00")] == [
        True
    ] * 6
    assert "€20.00" not in found
    assert "Prices do not include VAT." in found


def test_digits_end_below_digits_where_reading_is_from_the_right(folder):
    first, second = articles(2, "ar")
    amounts = (1, "1290"), (12, "64"), (144, "9.5")
    first = priced(first, *(("trade", "EUR", least, amount, None) for least, amount in amounts))
    second = priced(second, ("trade", "EUR", 1, "7", None))
    path = issued(folder, [first, second], "ar", number=45, columns=[{"price_list": "trade"}])
    words = re.findall(
        r'xMax="([\d.]+)" yMax="[\d.]+">([^<]*\.\d\d)\b', printed.text(path, 2, "-bbox")
    )
    assert sorted(text for _x, text in words) == ["1,290.00", "64.00", "7.00", "9.50"]
    assert len({round(float(x)) for x, _text in words}) == 1


def test_many_columns_turn_the_page(folder):
    rows = [{"price_list": f"list{n}", "heading": ""} for n in range(4)]
    with pikepdf.open(issued(folder, articles(1), number=42, columns=rows)) as pdf:
        boxes = {tuple(float(n) for n in page.MediaBox[2:]) for page in pdf.pages}
    assert boxes == {(841.89, 595.276)}


def test_article_without_a_price_is_warned_of_and_listed(folder):
    context = samples.context(KIND, "en", folder, columns=[{"price_list": "trade"}])
    (unit,) = articles(1)
    made = KIND.fragment(unit, context)
    assert [(w.code, w.params) for w in made.warnings] == [("price_missing", {"lists": "trade"})]


def test_chapters_begin_pages_where_that_is_wanted(folder):
    units = articles(40)
    joined, parted = (pages(issued(folder, units, number=50 + n, breaks=bool(n))) for n in range(2))
    assert len(joined) == 2
    assert len(parted) == 4


def test_list_of_nothing_is_a_title_page(folder):
    context = samples.context(KIND, "en", folder)
    sink = samples.FolderSink(folder=folder / "none")
    list(KIND.assemble(samples.plan(0), Pieces(iter(())), context, sink))
    assert len(pages(folder / "none" / "price-list.en.pdf")) == 1


def test_order_by_article_number(folder):
    units = articles(20)
    context = samples.context(KIND, "en", folder, order="article")
    made = [
        Piece(u.id, u.main("en").identifier, KIND.fragment(u, context).payload,
              KIND.summary(u, context))
        for u in reversed(units)
    ]  # fmt: skip
    sink = samples.FolderSink(folder=folder / "ordered")
    list(KIND.assemble(samples.plan(20), Pieces(made), context, sink))
    found = re.findall(r"^MUG-\d+", printed.text(folder / "ordered" / "price-list.en.pdf"), re.M)
    assert found == sorted(found)
    assert len(found) > 1


def test_list_for_the_press_is_proved_and_imposed(folder):
    context = samples.context(KIND, "ar", folder, form="press", booklet="saddle")
    files, _ = printed.issue(KIND, articles(20, "ar"), context, folder, number=61)
    assert sorted(files) == ["price-list.ar.press.booklet.pdf", "price-list.ar.press.pdf"]
    with pikepdf.open(files["price-list.ar.press.booklet.pdf"]) as pdf:
        forms = [sorted(page.Resources.XObject) for page in pdf.pages]
    # Two pages and two blanks before the last: from the right, 1 and 2 are the outside.
    assert forms == [["/L", "/R"], []]


@pytest.mark.parametrize("count", [1, 3, 4, 8])
def test_names_keep_their_room_beside_any_number_of_columns(count, folder):
    rows = [{"price_list": f"list{n}", "heading": f"List {n}"} for n in range(count)]
    context = samples.context(KIND, "de", folder, columns=rows, pack="pieces")
    units = articles(4, "de")
    files, _ = printed.issue(KIND, units, context, folder, number=90 + count)
    lines = printed.text(files["price-list.de.pdf"], 2, "-bbox").splitlines()
    found = [line.split('"') for line in lines if "<word" in line]
    heads = {w[8].strip(">").split("<")[0]: float(w[1]) for w in found}
    assert heads["VPE"] - heads["Bezeichnung"] > 40 * 72 / 25.4


def test_every_row_is_noted_where_it_stands(tmp_path):
    units = articles(300)
    context = samples.context(KIND, "en", tmp_path, breaks=True)
    found = printed.words_noted(KIND, units, context, tmp_path)
    names = sorted(unit.main("en").identifier for unit in units)
    assert sorted(identifier for _page, identifier, _words in found) == names
    assert [row for row in found if row[1] not in row[2]] == []
    assert {page for page, _identifier, _words in found} == {
        str(n) for n in range(2, 2 + len({page for page, _i, _w in found}))
    }


def test_column_that_no_row_fills_is_left_out(folder):
    units = articles(3, "de")
    filled = issued(folder, units, "de", number=97, pack="pieces")
    empty = issued(folder, units, "de", number=98, pack="no_such_attribute")
    assert ["VPE" in printed.text(path, 2) for path in (filled, empty)] == [True, False]
