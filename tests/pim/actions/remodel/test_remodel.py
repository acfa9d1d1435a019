"""Remodelling: the structure changes, products and versions follow, and it can be taken back."""

import pytest

from pim import published
from pim.actions.jobs import queue_job, run_job
from pim.actions.publishing import publish_products, withdraw_products
from pim.actions.remodel import OPERATIONS, queue_remodel
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.content.rights import NotAllowed, Rights
from pim.models import (
    Attribute,
    AttributeOption,
    Change,
    Edit,
    FamilyVariantAttribute,
    FilterValue,
    Job,
    LogEntry,
    Product,
    Version,
)
from pim.queries.drafts import read_drafts, unpublished
from pim.queries.history import version_snapshot
from pim.queries.search import find_products
from pim.queries.structure import forget_structure, load_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def run(operation: str, *, dry_run: bool = False, **params) -> Job:
    job = queue_remodel(operation, params, user=None, actor=ANNA, dry_run=dry_run)
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    return job


def undo(job: Job) -> Job:
    back = queue_job("undo_remodel", title="undo", actor="anna", undoes=job)
    run_job(back.pk, at=NOW)
    back.refresh_from_db()
    return back


def lamps(*values: dict, **wishes) -> list[int]:
    """Write and publish one lamp per dict of values; return their ids."""
    results = write(
        *(wish(f"L{n}", family="lamp", at=held, **wishes) for n, held in enumerate(values, 1))
    )
    assert [r.outcome for r in results] == ["created"] * len(values)
    ids = [r.product_id for r in results]
    publish_products(ids, actor=ANNA, at=NOW)
    return ids


def values(pk: int) -> dict:
    return read_drafts([pk])[pk].values


def state() -> tuple:
    """Everything that a refused or previewed operation must leave alone."""
    return (
        list(Attribute.objects.order_by("id").values_list("code", "kind")),
        list(AttributeOption.objects.order_by("id").values_list("code", "labels")),
        {pk: values(pk) for pk in Product.objects.values_list("id", flat=True)},
        list(FilterValue.objects.order_by("id").values_list("product_id", "text")),
        Version.objects.count(),
        Change.objects.count(),
        LogEntry.objects.count(),
    )


def test_renaming_an_attribute_moves_drafts_and_versions():
    (pk,) = lamps({"color||": "red", "name||en": "Moon"})
    job = run("rename", kind="attribute", code="color", to="colour")
    assert (job.state, job.counts) == (
        "done",
        {"products": {"changed": 1}, "published versions": {"changed": 1}},
    )
    assert values(pk) == {"": {"colour": {"": "red"}}, "en": {"name": {"": "Moon"}}}
    assert published.snapshots([pk])[pk].snapshot["values"] == values(pk)
    assert list(unpublished()) == []
    assert list(FilterValue.objects.filter(attribute__code="colour").values_list("text")) == [
        ("red",)
    ]
    assert version_snapshot(pk, 1)["values"][""] == {"color": {"": "red"}}


def test_an_old_code_is_understood_after_renaming():
    (pk,) = lamps({"color||": "red"})
    run("rename", kind="attribute", code="color", to="colour")
    (result,) = write(wish("L1", at={"color||": "blue"}))
    assert result.outcome == "changed"
    assert values(pk)[""] == {"colour": {"": "blue"}}


def test_a_search_understands_old_codes():
    (pk,) = lamps({"color||": "red"}, categories=["indoor"])
    run("rename", kind="option", owner="color", code="red", to="crimson")
    run("rename", kind="attribute", code="color", to="colour")
    run("rename", kind="category", code="indoor", to="inside")
    run("rename", kind="family", code="lamp", to="lamps")
    for asked in (
        {"color": [{"operator": "IN", "value": ["red"]}]},
        {"categories": [{"operator": "IN", "value": ["indoor"]}]},
        {"family": [{"operator": "IN", "value": ["lamp"]}]},
    ):
        assert [p.pk for p in find_products(asked)] == [pk]
    write(wish("L2", family="lamps"))
    AttributeOption.objects.create(attribute=Attribute.objects.get(code="colour"), code="red")
    forget_structure()
    assert list(find_products({"color": [{"operator": "IN", "value": ["red"]}]})) == []


def test_renaming_is_taken_back_by_renaming():
    (pk,) = lamps({"color||": "red"})
    before = values(pk)
    job = run("rename", kind="attribute", code="color", to="colour")
    assert undo(job).state == "done"
    assert (values(pk), "colour" in load_structure().attributes) == (before, False)
    assert list(unpublished()) == []


def test_renaming_an_axis_keeps_variants_apart():
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    write(wish("V1", parent="M", at={"color||": "red"}))
    run("rename", kind="attribute", code="color", to="colour")
    (twin,) = write(wish("V2", parent="M", at={"colour||": "red"}))
    assert [r.code for r in twin.refusals] == ["not_unique"]
    (sister,) = write(wish("V2", parent="M", at={"colour||": "blue"}))
    assert sister.outcome == "created"


def test_renaming_to_a_code_in_use_is_refused():
    lamps({"color||": "red"})
    before = state()
    with pytest.raises(Refused) as refused:
        run("rename", kind="attribute", code="color", to="size")
    assert (refused.value.code, state()) == ("exists", before)


def test_renaming_a_category_renames_it_in_published_versions():
    (pk,) = lamps({"name||en": "Moon"}, categories=["indoor"])
    run("rename", kind="category", code="indoor", to="inside")
    assert published.snapshots([pk])[pk].snapshot["categories"] == ["inside"]
    assert list(unpublished()) == []
    (result,) = write(wish("L1", categories=["indoor"]))
    assert result.outcome == "unchanged"


def test_renaming_products_keeps_old_identifiers_understood():
    (pk, _other) = lamps({"name||en": "Moon"}, {"name||en": "Sun"})
    job = run("rename_products", names={"L1": "LAMP-1"})
    assert job.state == "done"
    assert published.snapshots([pk])[pk].identifier == "LAMP-1"
    assert published.current_codes("product", ["L1", "L2", "X"]) == ["LAMP-1", "L2", "X"]
    (result,) = write(wish("L1", at={"name||en": "Moonlight"}))
    assert (result.identifier, result.outcome, Product.objects.count()) == ("LAMP-1", "changed", 2)
    assert undo(job).state == "done"
    assert Product.objects.get(pk=pk).identifier == "L1"


def test_renaming_to_the_identifier_of_another_product_is_refused_whole():
    lamps({"name||en": "Moon"}, {"name||en": "Sun"})
    before = state()
    job = run("rename_products", names={"L1": "L9", "L2": "L1"})
    assert job.state == "failed"
    assert state() == before
    assert list(job.lines.values_list("subject", "code")) == [("L1", "exists")]


def test_renamed_products_are_counted_and_shown():
    lamps({"name||en": "Moon"}, {"name||en": "Sun"})
    tried, done = (run("rename_products", names={"L1": "LAMP-1"}, dry_run=d) for d in (True, False))
    assert [job.counts["products"] for job in (tried, done)] == [{"changed": 1}] * 2
    renamed = {"@identifier": ["L1", "LAMP-1"]}
    assert (tried.preview, done.preview) == ([["L1", renamed]], [["LAMP-1", renamed]])


def test_variants_name_their_renamed_model():
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    (v,) = write(wish("V1", parent="M", at={"color||": "red"}))
    publish_products(Product.objects.values_list("id", flat=True), actor=ANNA, at=NOW)
    run("rename_products", names={"M": "MODEL"})
    found = published.snapshots([v.product_id])
    assert found[v.product_id].snapshot["parent"] == "MODEL"
    assert list(unpublished()) == []


def test_merging_options_gives_products_the_one_that_stays():
    one, two = lamps({"color||": "red"}, {"care||": "cold,warm"})
    job = run("merge_options", attribute="color", options=["red"], into="blue")
    run("merge_options", attribute="care", options=["cold"], into="warm")
    assert (values(one)[""]["color"], values(two)[""]["care"]) == ({"": "blue"}, {"": ["warm"]})
    assert set(load_structure().options["color"]) == {"blue"}
    assert list(FilterValue.objects.filter(attribute__code="color").values_list("text")) == [
        ("blue",)
    ]
    (result,) = write(wish("L1", at={"color||": "red"}))
    assert result.outcome == "unchanged"
    assert undo(job).state == "done"
    assert (values(one)[""]["color"], set(load_structure().options["color"])) == (
        {"": "red"},
        {"red", "blue"},
    )
    assert published.snapshots([one])[one].snapshot["values"][""]["color"] == {"": "red"}


def edited() -> list[list[str]]:
    """Return what the stream of edits says of each write, oldest first."""
    rows = Edit.objects.order_by("seq").values_list("products", flat=True)
    return [sorted(f"{name} {what}" for _uuid, name, what in products) for products in rows]


def test_who_follows_the_editing_hears_of_a_merge_and_of_its_undo(
    django_capture_on_commit_callbacks,
):
    lamps({"color||": "red"}, {"color||": "blue"}, {"color||": "red"})
    Edit.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        job = run("merge_options", attribute="color", options=["red"], into="blue", dry_run=True)
    assert edited() == []
    with django_capture_on_commit_callbacks(execute=True):
        job = run("merge_options", attribute="color", options=["red"], into="blue")
    with django_capture_on_commit_callbacks(execute=True):
        undo(job)
    assert edited() == [["L1 changed", "L3 changed"]] * 2
    assert Edit.objects.values_list("actor", "job_id")[0] == ("anna", job.pk)


def test_undo_leaves_what_was_changed_since():
    one, two = lamps({"color||": "red"}, {"color||": "red"})
    AttributeOption.objects.create(attribute=Attribute.objects.get(code="color"), code="green")
    job = run("merge_options", attribute="color", options=["red"], into="blue")
    write(wish("L2", at={"color||": "green"}))
    back = undo(job)
    assert (values(one)[""]["color"], values(two)[""]["color"]) == ({"": "red"}, {"": "green"})
    assert list(back.lines.values_list("subject", "column", "code")) == [
        ("L2", "color||", "changed_since")
    ]


def test_merging_what_tells_variants_apart_is_refused_and_names_them():
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    write(wish("V1", parent="M", at={"color||": "red"}))
    write(wish("V2", parent="M", at={"color||": "blue"}))
    before = state()
    job = run("merge_options", attribute="color", options=["red"], into="blue")
    assert (job.state, list(job.lines.values_list("subject", "code"))) == (
        "failed",
        [("V1", "not_unique")],
    )
    assert state() == before


def test_text_becomes_a_select_with_an_option_for_every_text():
    one, two, three = lamps({"notes||": "Pine"}, {"notes||": "Grüne Birke"}, {"notes||": "Pine"})
    job = run("convert", attribute="notes", to="select")
    assert (job.state, job.cause, job.counts["options"]) == ("done", "", {"created": 2})
    held = load_structure().options["notes"]
    assert {code: option.labels for code, option in held.items()} == {
        "grune_birke": {"en": "Grüne Birke"},
        "pine": {"en": "Pine"},
    }
    assert [values(pk)[""]["notes"][""] for pk in (one, two, three)] == [
        "pine", "grune_birke", "pine",
    ]  # fmt: skip
    assert list(unpublished()) == []
    assert undo(job).state == "done"
    assert values(two)[""]["notes"][""] == "Grüne Birke"
    assert (load_structure().attributes["notes"].kind, AttributeOption.objects.count()) == (
        "textarea",
        7,
    )


def test_a_conversion_that_would_lose_values_is_refused_and_names_them():
    one, two = lamps({"notes||": "12,5"}, {"notes||": "many"})
    before = state()
    job = run("convert", attribute="notes", to="number")
    assert (job.state, state()) == ("failed", before)
    assert list(job.lines.values_list("subject", "column", "code")) == [
        ("L2", "notes", "not_a_number")
    ]
    assert run("convert", attribute="notes", to="number", accept_loss=True).state == "done"
    assert (values(one)[""]["notes"], "notes" in values(two).get("", {})) == ({"": "12.5"}, False)


@pytest.mark.parametrize(
    ("kind", "to", "data", "expected"),
    [
        ("color", "multiselect", "red", ["red"]),
        ("color", "text", "red", "Red"),
        ("care", "textarea", "cold,warm", "cold, warm"),
        ("notes", "richtext", "a < b\nc", "<p>a &lt; b</p><p>c</p>"),
        ("pieces", "text", "4", "4"),
        ("weight", "number", {"amount": "2", "unit": "KILOGRAM"}, "2000"),
        ("notes", "boolean", "yes", True),
        ("notes", "date", "2026-11-22", "2026-11-22"),
    ],
)
def test_a_value_is_turned_into_its_new_kind(kind, to, data, expected):
    AttributeOption.objects.filter(code="red").update(labels={"en": "Red"})
    FamilyVariantAttribute.objects.filter(attribute__code="color").delete()
    (pk,) = lamps({f"{kind}||": data})
    job = run("convert", attribute=kind, to=to)
    assert (job.state, values(pk)[""][kind]) == ("done", {"": expected})


def test_deleting_an_attribute_erases_its_values_and_undo_brings_both_back():
    (pk,) = lamps({"pieces||": "4", "color||": "red"})
    members = load_structure().families["lamp"].attributes
    job = run("delete_attribute", attribute="pieces")
    assert values(pk) == {"": {"color": {"": "red"}}}
    assert published.snapshots([pk])[pk].snapshot["values"] == values(pk)
    assert "pieces" not in load_structure().attributes
    assert undo(job).state == "done"
    assert values(pk)[""]["pieces"] == {"": "4"}
    assert load_structure().families["lamp"].attributes == members
    assert list(FilterValue.objects.filter(attribute__code="pieces").values_list("text")) == [
        ("4",)
    ]
    assert list(unpublished()) == []


def test_an_axis_is_neither_deleted_nor_taken_out():
    before = state()
    for operation, params in (
        ("delete_attribute", {"attribute": "color"}),
        ("remove_from_family", {"family": "lamp", "attribute": "color"}),
    ):
        with pytest.raises(Refused) as refused:
            run(operation, **params)
        assert refused.value.code == "axis"
    assert state() == before


def test_taking_an_attribute_out_of_a_family_erases_it_there_only():
    (pk,) = lamps({"notes||": "Pine"})
    write(wish("X", at={"notes||": "Oak"}))
    job = run("remove_from_family", family="lamp", attribute="notes")
    other = Product.objects.get(identifier="X").pk
    assert (values(pk), values(other)) == ({}, {"": {"notes": {"": "Oak"}}})
    assert "notes" not in load_structure().families["lamp"].attributes
    undo(job)
    assert values(pk) == {"": {"notes": {"": "Pine"}}}


def model_with_variants() -> tuple[int, int, int]:
    write(wish("M", role="model", family="lamp", family_variant="lamp_color",
               at={"notes||": "Pine"}))  # fmt: skip
    write(wish("V1", parent="M", at={"color||": "red"}))
    write(wish("V2", parent="M", at={"color||": "blue", "notes||": "Oak"}))
    ids = [Product.objects.get(identifier=name).pk for name in ("M", "V1", "V2")]
    publish_products(ids, actor=ANNA, at=NOW)
    return tuple(ids)


def test_an_attribute_that_moves_down_takes_its_values_along():
    m, v1, v2 = model_with_variants()
    job = run("move_level", family_variant="lamp_color", attribute="notes", level=1)
    assert [values(pk).get("", {}).get("notes") for pk in (m, v1, v2)] == [
        None, {"": "Pine"}, {"": "Oak"},
    ]  # fmt: skip
    assert FamilyVariantAttribute.objects.filter(attribute__code="notes", level=1).count() == 1
    assert list(unpublished()) == []
    undo(job)
    assert [values(pk).get("", {}).get("notes") for pk in (m, v1, v2)] == [
        {"": "Pine"}, None, {"": "Oak"},
    ]  # fmt: skip


def test_an_attribute_that_moves_up_keeps_what_differs_below():
    m, v1, v2 = model_with_variants()
    run("move_level", family_variant="lamp_color", attribute="notes", level=1)
    job = run("move_level", family_variant="lamp_color", attribute="notes", level=0)
    assert [values(pk).get("", {}).get("notes") for pk in (m, v1, v2)] == [
        None, {"": "Pine"}, {"": "Oak"},
    ]  # fmt: skip
    assert job.counts == {"products": {"noted": 2}}
    assert list(job.lines.order_by("subject").values_list("subject", "column", "code")) == [
        ("V1", "notes", "keeps_own_value"), ("V2", "notes", "keeps_own_value"),
    ]  # fmt: skip
    write(wish("V2", at={"notes||": "Pine"}))
    run("move_level", family_variant="lamp_color", attribute="notes", level=1)
    run("move_level", family_variant="lamp_color", attribute="notes", level=0)
    assert [values(pk).get("", {}).get("notes") for pk in (m, v1, v2)] == [
        {"": "Pine"}, None, None,
    ]  # fmt: skip


def test_a_preview_says_what_would_be_done_and_leaves_everything():
    lamps({"color||": "red"}, {"color||": "blue"})
    before = state()
    job = run("merge_options", attribute="color", options=["red"], into="blue", dry_run=True)
    assert (job.state, job.counts["products"]) == ("done", {"changed": 1})
    assert state() == before


@pytest.mark.parametrize(
    ("operation", "params"),
    [("delete_attribute", {}), ("remove_from_family", {"family": "lamp"})],
)
def test_a_preview_counts_and_shows_the_values_that_would_go(operation, params):
    lamps({"notes||": "Pine", "color||": "red"}, {"color||": "blue"}, {"notes||": "Birch"})
    job = run(operation, attribute="notes", dry_run=True, **params)
    assert job.counts["values"] == {"removed": 2}
    assert job.preview == [
        ["L1", {"notes||": ["Pine", None]}],
        ["L3", {"notes||": ["Birch", None]}],
    ]


def test_a_withdrawn_product_stays_withdrawn():
    (pk,) = lamps({"color||": "red"})
    withdraw_products([pk], actor=ANNA, at=NOW)
    run("rename", kind="attribute", code="color", to="colour")
    assert (Product.objects.get(pk=pk).withdrawn, values(pk)[""]) == (True, {"colour": {"": "red"}})


def test_unpublished_edits_stay_unpublished():
    (pk,) = lamps({"color||": "red", "name||en": "Moon"})
    write(wish("L1", at={"name||en": "Moonlight"}))
    run("rename", kind="attribute", code="color", to="colour")
    latest = published.snapshots([pk])[pk].snapshot["values"]
    assert (latest["en"]["name"][""], latest[""]) == ("Moon", {"colour": {"": "red"}})
    assert values(pk)["en"]["name"][""] == "Moonlight"


def test_every_operation_refuses_what_is_missing():
    for code in OPERATIONS:
        with pytest.raises(Refused):
            queue_remodel(code, {}, user=None, actor=ANNA, dry_run=True)
    assert Job.objects.count() == 0


def test_whoever_has_limits_changes_no_model():
    lamps({"color||": "red"})
    before = state()
    limited = Actor("otto", "admin", Rights())
    with pytest.raises(NotAllowed):
        queue_remodel(
            "delete_attribute", {"attribute": "notes"}, user=None, actor=limited, dry_run=False
        )
    assert (state(), Job.objects.count()) == (before, 0)
