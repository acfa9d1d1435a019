"""A helper that reads ahead changes nothing but the speed, whatever becomes of it."""

import os
import signal

import pytest
from django.db import IntegrityError, transaction

from pim.actions import bulk, import_ahead, import_fresh, import_products, import_reading
from pim.actions.rules import save_rule
from pim.models import (
    Association,
    Attribute,
    Change,
    CodeAlias,
    Completeness,
    Draft,
    FilterValue,
    GtinClaim,
    ImportMark,
    Job,
    Product,
    UniqueValue,
)
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure

from .files import IMPORTER, NOW, lines_of, load, write_folder

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="helpers are forks"),
]

HEAD = (
    "sku;family;family_variant;parent;categories;groups;enabled;name-en_US;name-de_DE;"
    "description-en_US-web;ean;pieces;price-EUR;price-USD;weight;weight-unit;launched;outdoor;"
    "color;care;image;spare;X_SELL-products;X_SELL-groups\n"
)
ROWS = 80


# Among ordinary rows every sort of row that is none.
ODD = {
    3: {"family": "nope"},
    11: {"weight": "much"},
    12: {"name-en_US": "[empty]", "pieces": "[unknown]"},
    17: {"ean": "1018"},  # that of the next row but one
    23: {"color": "mauve", "care": "wash,nope"},
    26: {"X_SELL-products": "P70,P2"},
    29: {"spare": "P60"},
    31: {"spare": "P999"},
    34: {"parent": "P999"},
    37: {"categories": "nowhere"},
    41: {"sku": "P5"},
    43: {"sku": ""},
    44: {"sku": " P44x "},
    47: {"image": "none.jpg"},
    52: {"color": "RED", "groups": "set"},
    53: {"X_SELL-groups": "set"},
    58: {"enabled": "perhaps"},
    59: {"enabled": "0", "family": ""},
    63: {"name-de_DE": "Größe\u0041\u030a", "description-en_US-web": "<b>bold</b> & <i>"},
    64: {"name-en_US": "x" * 300},
    66: {"price-EUR": "-1"},
    67: {"price-EUR": "12,50"},
    71: {"name-en_US": '"two\nlines"'},
}


def table(odd: dict[int, dict]) -> str:
    """Return ordinary rows, but for what is said of some."""
    columns = HEAD.strip().split(";")
    lines = []
    for n in range(ROWS):
        usual = {
            "sku": f"P{n}", "family": "lamp", "categories": "lamps" if n % 3 else "",
            "name-en_US": f"Lamp {n}", "name-de_DE": f"Leuchte {n}", "ean": str(1000 + n),
            "pieces": str(n % 4 or ""), "price-EUR": f"{n}.50", "weight": str(n + 1),
            "weight-unit": "GRAM", "launched": "2026-02-03", "outdoor": str(n % 2),
            "color": "red" if n % 5 else "", "care": "wash,iron",
            "description-en_US-web": f"About {n}",
        }  # fmt: skip
        row = {**usual, **odd.get(n, {})}
        lines.append(";".join(row.get(name, "") for name in columns))
    return HEAD + "\n".join(lines) + "\n"


def everything(job: Job) -> dict:
    """Return all that an import leaves behind, in words that do not change from run to run."""
    ids = list(Product.objects.values_list("id", flat=True))
    drafts = read_drafts(ids)
    assert all(state.draft_digest == state.digest() for state in drafts.values())
    name = "product__identifier"
    return {
        "job": (job.state, job.cause, job.counts, job.done, job.total),
        "lines": lines_of(job),
        "preview": [(subject, _named(shown, drafts)) for subject, shown in job.preview],
        "products": sorted(
            Product.objects.values_list(
                "identifier", "role", "family__code", "parent__identifier", "level", "enabled",
                "row_version",
            )
        ),
        "drafts": {
            (identifier, locale): _named(values, drafts)
            for identifier, locale, values in Draft.objects.values_list(name, "locale", "values")
        },
        "changes": sorted(
            Change.objects.exclude(product_id=None).values_list(
                "subject", "action", "actor", "source", "row_version", "at"
            )
        ),
        "details": {c.subject: _named(c.detail, drafts) for c in Change.objects.filter(job=job)},
        "index": sorted(
            FilterValue.objects.values_list(
                name, "attribute__code", "locale", "channel", "text", "number", "folded"
            ),
            key=str,
        ),
        "claims": sorted(UniqueValue.objects.values_list(name, "attribute__code", "digest")),
        "gtins": sorted(GtinClaim.objects.values_list(name, "gtin")),
        "completeness": sorted(
            Completeness.objects.values_list(name, "channel__code", "required", "filled"), key=str
        ),
        "places": sorted(Product.categories.through.objects.values_list(name, "category__code")),
        "ties": sorted(
            Association.objects.values_list(
                "source__identifier", "target__identifier", "group__code"
            ),
            key=str,
        ),
        "marks": sorted(ImportMark.objects.values_list(name, "digest", "row_version")),
    }  # fmt: skip


def _named(detail: dict, drafts: dict) -> str:
    """Return a document as text, with identifiers where it has uuids."""
    text = repr(sorted(detail.items()))
    for state in drafts.values():
        text = text.replace(state.uuid, state.identifier)
    return text


class Helpers:
    """Watches the helpers: how many were started, what became of products they have worked out.

    They were `revived`, to go the usual way, or `written` with all of their batch the short way.
    """

    def __init__(self, monkeypatch):
        self.started, self.revived, self.written = 0, 0, 0
        start, revive = import_ahead.ReadAhead.__init__, import_ahead.revive
        write_new = import_fresh.write_new

        def counted_start(helper, *args, **kwargs):
            self.started += 1
            start(helper, *args, **kwargs)

        def counted_revive(*args):
            self.revived += 1
            return revive(*args)

        def counted_write(products, **how):
            ids = write_new(products, **how)
            self.written += len(ids or ())
            return ids

        monkeypatch.setattr(import_fresh, "write_new", counted_write)
        monkeypatch.setattr(import_ahead.ReadAhead, "__init__", counted_start)
        monkeypatch.setattr(import_ahead, "revive", counted_revive)


@pytest.fixture
def helpers(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT, settings.ASSET_ROOT = tmp_path / "media", tmp_path / "assets"
    monkeypatch.setattr(import_products, "BATCH", 10)
    monkeypatch.setattr(import_reading, "WORTH", 20)
    monkeypatch.setattr(import_reading, "may_read_ahead", lambda: True)
    yield Helpers(monkeypatch)
    with pytest.raises(ChildProcessError):  # none is left, not even as a zombie
        os.waitpid(-1, os.WNOHANG)


def alone(folder, monkeypatch) -> dict:
    """Return what the import leaves behind without a helper, and take it back."""
    with transaction.atomic(), monkeypatch.context() as patch:
        patch.setattr(import_reading, "may_read_ahead", lambda: False)
        found = everything(load(folder))
        transaction.set_rollback(True)
    forget_structure()
    return found


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "in", products=table(ODD))


def test_import_with_a_helper_leaves_the_same_behind(helpers, folder, monkeypatch):
    expected = alone(folder, monkeypatch)
    assert expected["job"][2]["products"]["created"] > 50
    assert len(expected["lines"]) > 10
    assert helpers.started == 0
    found = everything(load(folder))
    assert found == expected
    assert helpers.started == 1
    assert helpers.revived == 3  # those that say the same as a row that is odd
    assert helpers.written == 53


# Ties of this sort show on both products.
TWO_WAY = {"association_types": "code;is_quantified;is_two_way\nX_SELL;0;1\nBUNDLE;1;0\n"}
PLAIN = {
    n: {"groups": "set"} if n % 7 == 0 else {"pieces": "1.50", "outdoor": ""}
    for n in range(0, ROWS, 3)
}


def test_batches_of_new_products_alone_are_written_the_short_way(helpers, tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "in", products=table(PLAIN))
    expected = alone(folder, monkeypatch)
    assert everything(load(folder)) == expected
    assert (helpers.written, helpers.revived) == (ROWS - 10, 0)
    ids = Product.objects.order_by("id").values_list("identifier", flat=True)
    assert list(ids) == [f"P{n}" for n in range(ROWS)]
    assert load(folder).counts["products"] == {"unchanged": ROWS}


@pytest.mark.parametrize(
    ("odd", "unread", "revived"),
    [
        ({34: {"ean": "1031"}}, 0, 2),  # claimed twice within a batch
        ({34: {"ean": "1003"}}, 0, 1),  # held by an earlier product
        ({34: {"ean": "1003"}, 36: {"ean": "1003"}, 38: {"ean": "1036"}}, 0, 2),
        ({34: {"sku": "P2"}}, 0, 1),  # a line seen before
        ({34: {"sku": "P32"}}, 0, 1),  # the same within a batch
        ({34: {"sku": "P38", "weight": "much"}}, 1, 1),  # the line of an odd row is the first
        ({34: {"sku": "01926b1e-8a3c-7def-8123-456789abcdef"}}, 0, 1),  # might be a product's uuid
        ({34: {"ean": "1036", "image": "none.jpg"}}, 1, 1),  # an odd row claims it first
        ({36: {"ean": "1034", "image": "none.jpg"}}, 1, 1),  # an odd row claims it later
        ({34: {"ean": "1036", "weight": "much"}}, 1, 1),  # an odd row would, but is refused
        ({34: {"X_SELL-products": "P36,P2"}}, 1, 1),  # a tie that shows on both sides
        ({34: {"spare": "P36"}}, 1, 0),
    ],
)
def test_only_odd_rows_leave_the_short_way(helpers, tmp_path, monkeypatch, odd, unread, revived):
    folder = write_folder(tmp_path / "in", products=table({**PLAIN, **odd}), **TWO_WAY)
    expected = alone(folder, monkeypatch)
    assert everything(load(folder)) == expected
    assert helpers.revived == revived
    assert helpers.written == ROWS - 10 - revived - unread


def test_numbers_that_are_no_gtin_are_warned_of_in_the_order_of_the_table(
    helpers, tmp_path, monkeypatch
):
    load(write_folder(tmp_path / "first"))
    Attribute.objects.filter(code="ean").update(role="gtin")
    forget_structure()
    numbers = {n: {"ean": str(96385000 + n)} for n in range(ROWS)}  # one in ten is right
    odd = {34: {"ean": "96385076", "weight": "much"}, 36: {"ean": "x", "image": "none.jpg"}}
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "products.csv").write_text(table({**numbers, **odd}))
    expected = alone(folder, monkeypatch)
    warned = [line for line in expected["lines"] if line[5] in ("bad_gtin", "no_gtin")]
    assert [line[1] for line in warned] == sorted(line[1] for line in warned)
    assert len(warned) == ROWS * 9 // 10
    assert everything(load(folder)) == expected
    assert helpers.written > 40


def test_rows_of_products_that_are_there_leave_the_short_way(helpers, tmp_path, monkeypatch):
    """One of them gives the number up that another row wants; one is deleted by a row."""
    there = ["P34;lamp" + ";" * 9 + "1036", "P72;lamp" + ";" * 9 + "1074"]
    rows = "".join(f"{row}{';' * 13}\n" for row in there)
    load(write_folder(tmp_path / "first", products=HEAD + rows))
    lines = table(PLAIN).splitlines()
    lines[0] += ";#delete"
    lines[73] += ";1"
    folder = write_folder(tmp_path / "in", products="\n".join(lines) + "\n")
    expected = alone(folder, monkeypatch)
    assert expected["job"][2]["products"] == {"created": ROWS - 2, "changed": 1, "removed": 1}
    assert everything(load(folder)) == expected
    assert (helpers.written, helpers.revived) == (ROWS - 10 - 4, 3)


def test_product_that_was_called_so_before_is_found(helpers, tmp_path, monkeypatch):
    load(write_folder(tmp_path / "first", products=HEAD + "Q;lamp" + ";" * 22 + "\n"))
    CodeAlias.objects.create(kind="product", owner="", old="P34", code="Q", at=NOW)
    folder = write_folder(tmp_path / "in", products=table(PLAIN))
    expected = alone(folder, monkeypatch)
    assert expected["job"][2]["products"] == {"created": ROWS - 1, "changed": 1}
    assert everything(load(folder)) == expected
    assert (helpers.written, helpers.revived) == (ROWS - 11, 1)


def test_import_looks_again_where_another_writer_was_faster(helpers, tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "in", products=table({**PLAIN, 25: {"weight": "much"}}))
    expected = alone(folder, monkeypatch)
    insert, clashes = bulk.insert, iter([False, True])

    def clashing(model, *args):
        if model is ImportMark and next(clashes, False):
            raise IntegrityError
        insert(model, *args)

    monkeypatch.setattr(import_fresh.bulk, "insert", clashing)
    assert everything(load(folder)) == expected
    assert helpers.revived == 9


LAMPS = {"search": {"family": [{"operator": "IN", "value": ["lamp"]}]}}
RED = {"search": {"color": [{"operator": "IN", "value": ["red"]}]}}
TITLE = {
    "op": "concatenate",
    "to": {"attribute": "name", "locale": "de-DE"},
    "template": "{name@en-US} {color}",
}
SIZE = {
    "op": "map",
    "from": {"attribute": "color"},
    "to": {"attribute": "size"},
    "table": {"red": "s", "blue": "m"},
}
NOTES = {"op": "concatenate", "to": {"attribute": "notes"}, "template": "{size} {name@de-DE}"}
NUMBER = {"op": "set", "attribute": "ean", "value": "1019", "if_empty": False}
TIE = {"op": "associations", "type": "X_SELL", "mode": "add", "products": ["P1"]}


def follow_imports(**rules) -> None:
    """Let rules follow imports: code=(when, action)."""
    for place, (code, (when, action)) in enumerate(rules.items()):
        rule = {"name": code, "when": when, "actions": [action], "on_import": True}
        save_rule(code, {**rule, "sort_order": place}, actor=IMPORTER, at=NOW)


@pytest.mark.parametrize(
    ("odd", "written"), [({}, ROWS - 10), ({23: {"color": "mauve"}, 34: {"ean": "1031"}}, 67)]
)
def test_rules_follow_what_is_written_the_short_way(helpers, tmp_path, monkeypatch, odd, written):
    """The third reads what the others write: three writes of a product, one after the other."""
    folder = write_folder(tmp_path / "in", products=table({**PLAIN, **odd}))
    load(write_folder(tmp_path / "first"))
    follow_imports(title=(LAMPS, TITLE), size=(RED, SIZE), notes=(LAMPS, NOTES))
    expected = alone(folder, monkeypatch)
    assert "s Lamp 31 red" in expected["drafts"]["P31", ""]
    assert {row[4] for row in expected["changes"]} == {1, 2, 3}
    assert everything(load(folder)) == expected
    assert helpers.written == written
    assert load(folder).counts["products"].get("changed", 0) == 0


@pytest.mark.parametrize("action", [NUMBER, TIE])
def test_what_rules_write_to_more_than_one_product_goes_the_usual_way(
    helpers, tmp_path, monkeypatch, action
):
    load(write_folder(tmp_path / "first", products=HEAD + "P1;lamp" + ";" * 22 + "\n", **TWO_WAY))
    follow_imports(shared=(LAMPS, action))
    folder = write_folder(tmp_path / "in", products=table(PLAIN), **TWO_WAY)
    expected = alone(folder, monkeypatch)
    helpers.revived = helpers.written = 0
    assert everything(load(folder)) == expected
    assert (helpers.written, helpers.revived) == (0, ROWS - 10)


def test_unchanged_file_starts_no_helper(helpers, folder):
    load(folder)
    job = load(folder)
    assert (helpers.started, job.counts["products"]["unchanged"] > 50) == (1, True)


def test_helper_is_ended_where_rows_are_no_longer_new(helpers, folder, tmp_path, monkeypatch):
    rows = table(ODD).splitlines(keepends=True)
    load(write_folder(tmp_path / "first", products=HEAD + "".join(rows[21:71])))
    expected = alone(folder, monkeypatch)
    helpers.revived = 0
    assert everything(load(folder)) == expected
    assert helpers.started == 2
    assert helpers.revived <= 20


def test_import_goes_on_where_its_helper_was_killed(helpers, folder, monkeypatch, caplog):
    expected = alone(folder, monkeypatch)
    following = import_ahead.ReadAhead._next

    def killed(helper):
        told = following(helper)
        os.kill(helper.pid, signal.SIGKILL)
        return told

    monkeypatch.setattr(import_ahead.ReadAhead, "_next", killed)
    assert everything(load(folder)) == expected
    assert "reads ahead was lost after line" in caplog.text


def test_import_goes_on_without_a_helper_that_keeps_silent(helpers, folder, monkeypatch):
    expected = alone(folder, monkeypatch)
    monkeypatch.setattr(import_ahead, "PATIENCE", 0.2)
    monkeypatch.setattr(import_ahead, "_settle_in", lambda: os.kill(os.getpid(), signal.SIGSTOP))
    assert everything(load(folder)) == expected
    assert (helpers.started, helpers.revived) == (1, 0)


def test_import_goes_on_where_its_helper_has_no_memory(helpers, folder, monkeypatch):
    expected = alone(folder, monkeypatch)

    def full(*_args):
        raise MemoryError

    monkeypatch.setattr(import_ahead, "work_out", full)
    assert everything(load(folder)) == expected
    assert (helpers.started, helpers.revived) == (1, 0)


def test_damaged_file_is_told_as_without_a_helper(helpers, tmp_path, monkeypatch):
    good = table(ODD).splitlines(keepends=True)
    far = "P900;lamp;" + ";" * 10 + "x" * (9 * 1024 * 1024) + "\n"
    folder = write_folder(tmp_path / "in", products="".join([*good[:60], far, *good[60:]]))
    expected = alone(folder, monkeypatch)
    assert expected["job"][0] == "failed"
    assert everything(load(folder)) == expected
    assert helpers.started == 1


def test_helper_may_take_so_much_memory_and_no_more(monkeypatch):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        import_ahead._settle_in()
        try:
            bytearray(import_ahead.MEMORY + 64 * 1024 * 1024)
            os.write(writer, b"taken")
        except MemoryError:
            os.write(writer, b"refused")
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(reader, 10) == b"refused"
    os.close(reader)
    os.close(writer)


def test_structure_that_changes_on_the_way_is_followed(helpers, folder, monkeypatch):
    """What was worked out by an older structure counts no more."""
    expected = alone(folder, monkeypatch)
    forgotten = import_products.ProductImport._sort_out

    def sort_out(*args):
        forget_structure()  # the next reading makes another structure, if an equal one
        return forgotten(*args)

    monkeypatch.setattr(import_products.ProductImport, "_sort_out", sort_out)
    assert everything(load(folder)) == expected


def test_product_that_somebody_else_makes_meanwhile_is_changed_not_made(
    helpers, folder, tmp_path, monkeypatch
):
    first = "sku;family;name-en_US;outdoor\n" + "".join(f"P{n};lamp;Old {n};1\n" for n in range(40))
    load(write_folder(tmp_path / "first", products=first))
    monkeypatch.setattr(import_products, "known_products", lambda *_args, **_named: {})
    expected = alone(folder, monkeypatch)
    assert expected["job"][2]["products"]["changed"] > 20
    helpers.started = 0
    assert everything(load(folder)) == expected
    assert helpers.started == 1
