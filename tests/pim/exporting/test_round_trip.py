"""What is exported for machines imports back without a change, whatever the kind and state."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pim.actions.exports import queue_export
from pim.actions.imports import import_catalog
from pim.actions.jobs import run_job
from pim.content.actor import Actor
from pim.content.address import Address
from pim.content.states import EMPTY, NOT_APPLICABLE, UNKNOWN
from pim.models import Asset, Attribute, Change, Job, Product
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure, load_structure
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write

FORMS = [{"format": "csv"}, {"format": "csv", "separator": ","}, {"format": "xlsx"},
         {"format": "jsonl"}, {"format": "csv", "gzip": True}]  # fmt: skip
VALUES = {
    "name||en": "=Lamp; \"a\", 'b'", "name||sv-FI": "Lampa", "story|web|en": "<p>A &amp; b</p>",
    "notes||": "two\nlines", "pieces||": "-3.5", "weight||": {"amount": "1.25", "unit": "GRAM"},
    "price||": {"EUR": "9.5", "DKK": "70"}, "color||": "red", "care||": ["cold", "warm"],
    "ean||": "+6417182041026", "photo||": ["p-1"], "maker||": ["aino"], "on_sale||": False,
    "since||": "2026-11-22", "parts||": [{"part": "a;b", "count": "2"}],
}  # fmt: skip


def catalogue() -> None:
    lamp_catalogue()
    group = Attribute.objects.get(code="notes").group
    Attribute.objects.create(code="since", kind="date", group=group)
    columns = [{"code": "part", "kind": "text"}, {"code": "count", "kind": "number"}]
    Attribute.objects.create(code="parts", kind="table", group=group, rules={"columns": columns})
    Asset.objects.create(code="p-1", filename="p.png", kind="image", size=1, sha256="a" * 64)
    forget_structure()


def products() -> None:
    write(wish("OTHER"), wish("M", role="model", family="lamp", family_variant="lamp_color"))
    write(wish("V", parent="M", at={"color||": "red", "ean||": "1"}, enabled=False))
    write(
        wish(
            "FULL",
            family="lamp",
            at=VALUES,
            categories=["indoor", "outdoor"],
            groups=["new"],
            associations={
                "cross_sell": {"products": [("OTHER", None)], "groups": ["new"]},
                "set": {"products": [("V", 3), ("OTHER", 1)]},
                "goes_with": {"products": [("OTHER", None)]},
            },
        )
    )
    states = dict.fromkeys(VALUES, EMPTY)
    states |= {"pieces||": UNKNOWN, "weight||": NOT_APPLICABLE, "price||": UNKNOWN}
    write(wish("STATES", family="lamp", at={**states, "spare||": NOT_APPLICABLE}))
    write(wish("FULL", at={"spare||": ["V", "OTHER"]}))


def contents() -> dict[str, dict]:
    states = read_drafts(Product.objects.values_list("id", flat=True))
    return {s.identifier: s.snapshot() for s in states.values()}


def exported(form: dict, **more):
    job = queue_export({"all": True}, {**form, **more}, title="x", actor="anna")
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.cause) == ("done", "")
    return job


def imported(job: Job) -> dict:
    run = import_catalog(job.result.path, actor=Actor("anna", "import"), at=NOW)
    seen = run.lines.exclude(code="no_gtin")  # one that a spreadsheet would take for a formula
    assert list(seen.values_list("subject", "column", "message")) == []
    return {kind: counts for kind, counts in run.counts.items() if kind != "gtins"}


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS, ids=lambda f: "-".join(map(str, f.values())))
def test_what_is_exported_imports_back_without_a_change(form):
    catalogue()
    products()
    before, changes = contents(), Change.objects.count()
    assert set(Attribute.objects.values_list("kind", flat=True)) >= {
        load_structure().attributes[key.split("|")[0]].kind for key in VALUES
    }
    counts = imported(exported(form))
    assert (contents(), Change.objects.count()) == (before, changes)
    assert {k: v.get("unchanged") for k, v in counts.items()} == {
        "product_models": 1,
        "products": 4,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS[::2], ids=lambda f: "-".join(map(str, f.values())))
def test_what_was_changed_since_comes_back_from_the_file(form):
    catalogue()
    products()
    before, job = contents(), exported(form)
    other = {**dict.fromkeys(VALUES, None), "name||en": "New", "pieces||": 8, "spare||": None}
    for name in ("FULL", "STATES"):
        write(wish(name, at=other, categories=[], groups=[], enabled=False,
                   associations={"cross_sell": {}, "set": {}}))  # fmt: skip
    assert contents() != before
    imported(job)
    assert contents() == before


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")),
    min_size=1,
    max_size=40,
)
LINES = st.text(string.printable.replace("\x0b", "").replace("\x0c", ""), min_size=1, max_size=60)
NUMBER = st.decimals(-(10**9), 10**9, places=3).map(str)
STATE = st.sampled_from([EMPTY, UNKNOWN, NOT_APPLICABLE])


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.fixed_dictionaries(
        {
            "name||en": st.one_of(STATE, TEXT),
            "notes||": st.one_of(STATE, LINES),
            "story|web|fi": st.one_of(STATE, TEXT.map(lambda t: f"<p>{t}</p>")),
            "pieces||": st.one_of(STATE, NUMBER),
            "weight||": NUMBER.map(lambda n: {"amount": n, "unit": "KILOGRAM"}),
            "parts||": st.lists(st.fixed_dictionaries({"part": TEXT, "count": NUMBER}), max_size=3),
        }
    ),
    form=st.sampled_from(FORMS),
)
def test_any_text_and_number_imports_back(values, form):
    if not Attribute.objects.exists():
        catalogue()
    wanted = {key: None if raw in STATES_IN_WORDS else raw for key, raw in values.items()}
    write(wish("A", family="lamp", at=wanted))
    before = contents()
    imported(exported(form))
    assert contents() == before


# What the import takes for a state cannot be a text in a table; it is in JSON lines.
STATES_IN_WORDS = ("[empty]", "[unknown]", "[n/a]")


def test_addresses_in_this_test_are_addresses():
    assert all(len(Address(*key.split("|"))) == 3 for key in VALUES)
