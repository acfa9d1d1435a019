"""Price lists: rows in order and whole, heads on every page, stretches that leave no trace."""

import hashlib
import re
from dataclasses import replace

import pikepdf
import pytest

from syndication.contract import Facts, Piece, Pieces, Unit
from syndication.outputs.price_list import PriceList
from syndication.rendering.price_list import setting
from syndication.rendering.price_list.cutting import GROUP, ROW, Block, cuts
from syndication.rendering.price_list.rows import Row
from syndication.rendering.print_words import print_words
from syndication.rendering.view import View
from syndication.rendering.words import words
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


@pytest.mark.parametrize(("chapters", "before"), [(20, 1), (60, 2)])
def test_contents_go_on_over_the_page_only_where_they_must_and_then_have_a_head(
    chapters, before, folder
):
    units = plain(articles(chapters))
    context = samples.context(KIND, "en", folder)
    labels = context.labels["en"]
    known = {
        f"c{n}": {
            "label": f"Chapter {n}",
            "path": [labels.body["channel"]["tree"], f"c{n}"],
            "sort": n,
        }
        for n in range(chapters)
    }
    body = labels.body | {"categories": known}
    context.labels["en"] = replace(labels, digest=f"{chapters} chapters", body=body)
    for n, unit in enumerate(units):
        unit.main("en").body["categories"] = [f"c{n}"]
    files, _ = printed.issue(KIND, units, context, folder, number=100 + chapters)
    path = files["price-list.en.pdf"]
    fronts = [n for n, page in enumerate(pages(path), 1) if "Art. no." not in page]
    assert len(fronts) == before
    assert [printed.head(path, n) for n in fronts[1:]] == ["Contents"] * (before - 1)


def test_running_head_names_what_the_page_goes_on_with(folder):
    found = pages(issued(folder, articles(200), number=13))
    blankets = [page for page in found[1:] if "BLANKET-" in page]
    assert all(page.split("\n")[0].strip().startswith("At home · ") for page in blankets)


def test_pages_set_together_leave_no_trace(folder, monkeypatch):
    units = articles(160)
    whole = issued(folder, units, number=21).read_bytes()
    monkeypatch.setattr(setting, "TOGETHER", 1)
    assert issued(folder, units, number=21).read_bytes() == whole


def dearer(units: list[Unit], *places: int) -> list[Unit]:
    """Return the articles with another price of those in these places."""
    new = ("retail", "EUR", 1, "1.11", None)
    return [priced(unit, new) if n in places else unit for n, unit in enumerate(units)]


def plain(units: list[Unit]) -> list[Unit]:
    return [priced(unit, ("retail", "EUR", 1, f"{n}.50", None)) for n, unit in enumerate(units)]


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_new_prices_set_their_own_pages_alone_as_if_all_were_set_anew(locale, folder):
    units, memo = plain(articles(160, locale)), Memo()
    issued(folder, units, locale, number=31, memo=memo)
    cold = memo.made
    issued(folder, units, locale, number=31, memo=memo)
    assert memo.made == cold
    names = [unit.main(locale).identifier for unit in units]
    blankets = [n for n, name in enumerate(names) if name.startswith("BLANKET")][:2]
    changed = dearer(units, *blankets, names.index("PACK-001"))
    path = issued(folder, changed, locale, number=31, memo=memo)
    assert memo.made - cold == 2  # the pages of three rows, two of them neighbours
    again = path.read_bytes()
    anew = issued(folder, changed, locale, number=31, memo=Memo())
    assert printed.text(anew).count("1.11") == 3
    assert again == anew.read_bytes()


def gone(units: list[Unit]) -> list[Unit]:
    return [*units[:5], *units[6:]]


def renamed(units: list[Unit]) -> list[Unit]:
    return [*units[:90], printed.altered(units[90], name="A name of its own"), *units[91:]]


def longer(units: list[Unit]) -> list[Unit]:
    name = f"{units[90].main('en').body['name']} in a good many words more than has room " * 3
    return [*units[:90], printed.altered(units[90], name=name), *units[91:]]


@pytest.mark.parametrize("change", [gone, renamed, longer])
def test_a_row_that_goes_moves_or_grows_sets_few_pages_as_if_all_were_set_anew(change, folder):
    units, memo = plain(articles(420)), Memo()
    issued(folder, units, number=32, memo=memo)
    cold = memo.made
    path = issued(folder, change(units), number=32, memo=memo)
    assert memo.made - cold <= 6, "of ten, the title page and its foot among them"
    again = path.read_bytes()
    assert again == issued(folder, change(units), number=32, memo=Memo()).read_bytes()


def test_pages_are_filled_to_their_feet(folder):
    path = issued(folder, plain(articles(240)), number=34)
    count = len(pages(path))
    assert count > 4
    for page in range(2, count):
        words = printed.text(path, page, "-bbox").splitlines()
        feet = [float(line.split('"')[7]) for line in words if "<word" in line]
        body = [foot for foot in feet if foot < (297 - 17) * 72 / 25.4]
        assert max(body) > (297 - 17 - 9) * 72 / 25.4


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


def together(count: int, locales: tuple[str, ...]) -> list[Unit]:
    """Return articles whose listings are in several locales."""
    per = [articles(count, locale) for locale in locales]
    return [
        Unit(same[0].id, {c: u.listings[c] for c, u in zip(locales, same, strict=True)},
             same[0].facts)
        for same in zip(*per, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("locales", [("de", "en"), ("de", "en", "ar"), ("ar", "de")])
def test_combined_list_has_heads_names_notes_and_titles_in_every_language(locales, tmp_path):
    units = together(30, locales)
    chosen = samples.context(KIND, locales[0], tmp_path, pack="pieces", valid_from="2027-01-01")
    files, _ = printed.issue(KIND, units, printed.combined(chosen, locales), tmp_path)
    (path,) = files.values()
    assert path.name == f"price-list.{'-'.join(locales)}.pdf"
    whole = re.sub(r"(?<=[a-zäöü])[-‐]\n(?=[a-z])", "", printed.text(path))
    said = {*re.findall(r"\w+", whole)}
    for code in locales:
        known = words(code) | print_words(code)
        keys = ("price_list", "contents", "taxed", "article", "name", "price", "pack")
        told = [*(known[key] for key in keys), units[0].main(code).body["name"]]
        assert [{*re.findall(r"\w+", text)} <= said for text in told] == [True] * 8, code
    with pikepdf.open(path) as pdf:
        wide, high = (float(n) for n in pdf.pages[-1].MediaBox[2:])
    assert (wide > high) == (len(locales) == 3)  # turned, so that names have their room


def test_prices_by_quantity_need_no_words_in_several_languages(folder):
    locales = ("de", "en")
    unit = together(1, locales)[0]
    facts = priced(Unit(unit.id, {"de": unit.listings["de"]}, unit.facts),
                   ("retail", "EUR", 12, "9.50", None)).facts  # fmt: skip
    unit = Unit(unit.id, unit.listings, facts)
    chosen = samples.context(KIND, "de", folder, columns=[{"price_list": "retail"}])
    files, _ = printed.issue(KIND, [unit], printed.combined(chosen, locales), folder, number=102)
    assert "≥ 12" in printed.text(files["price-list.de-en.pdf"])


def test_pages_end_where_rows_say_and_find_their_old_ends_again():
    blocks = [Block(10.0, ROW, (n * 7919) % 1013) for n in range(600)]
    before = {blocks[cut.end - 1] for cut in cuts(blocks, room=500)[:-1]}
    fewer = cuts([*blocks[:20], *blocks[21:]], room=500)
    after = {blocks[cut.end] for cut in fewer[:-1]}
    assert len(before - after) <= 3
    assert all(cut.end - cut.first >= 44 for cut in fewer[:-1])


def test_a_title_begins_a_page_where_one_could():
    blocks = [Block(10.0, ROW, n) for n in range(100)]
    blocks[47] = Block(30.0, GROUP, 10**9)
    first, *_rest = cuts(blocks, room=500)
    assert (first.end, first.free) == (47, 30.0)


def test_sizes_stay_on_their_line_in_a_name(tmp_path, monkeypatch):
    sizes = [("size", "Size", "130 × 180 cm")]
    monkeypatch.setattr(View, "axis_texts", lambda _view: sizes)
    (unit, *_) = samples.units(1, "en")
    (name,) = Row(unit, samples.context(KIND, "en", tmp_path)).says()["names"]
    assert name.endswith("130\u00a0×\u00a0180\u00a0cm")
