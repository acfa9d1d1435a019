"""Snapshots have one byte form, and merge by approved slices."""

import pytest

from pim.content import snapshot
from pim.content.diff import diff
from tests.factories.structures import small_structure

S = small_structure()


def make(values, **changes):
    given = {"identifier": "A", "uuid": "u", "role": "item", "values": values, **changes}
    return snapshot.compose(**given)


def test_digest_does_not_depend_on_order():
    one = make({"": {"a": {"": 1}, "b": {"": 2}}}, categories=["x", "y"])
    other = make({"": {"b": {"": 2}, "a": {"": 1}}}, categories=["y", "x"])
    assert snapshot.digest(one) == snapshot.digest(other)


def test_unpack_gives_what_was_packed():
    made = make({"en": {"name": {"": "Lampe für draußen"}}})
    assert snapshot.unpack(snapshot.pack(made)) == made


def test_a_schema_from_the_future_is_refused():
    with pytest.raises(ValueError, match="newer"):
        snapshot.upgrade({"schema": snapshot.SCHEMA + 1})


def test_merging_one_locale_leaves_the_others():
    base = make({"en": {"name": {"": "Old"}}, "de": {"name": {"": "Alt"}}})
    draft = make({"en": {"name": {"": "New"}}, "de": {"name": {"": "Neu"}}}, enabled=False)
    merged = snapshot.merge_slices(base, draft, [["texts", "de"]], S)
    assert diff(base, merged) == {"name||de": ["Alt", "Neu"]}


def test_merging_takes_removals_too():
    base, draft = make({"de": {"name": {"": "Alt"}}}), make({})
    assert snapshot.merge_slices(base, draft, [["texts", "de"]], S)["values"] == {}
    assert snapshot.merge_slices(base, draft, [["main", "de"]], S) == base


def test_a_first_version_takes_its_structure_from_the_draft():
    draft = make({"": {"pieces": {"": "1"}}, "en": {"name": {"": "N"}}}, categories=["c"])
    merged = snapshot.merge_slices(None, draft, [["texts", "en"]], S)
    assert merged["categories"] == ["c"]
    assert merged["values"] == {"en": {"name": {"": "N"}}}


def test_approving_all_is_the_draft():
    draft = make({"en": {"name": {"": "N"}}})
    assert snapshot.merge_slices(make({}), draft, None, S) == draft


def test_slices_name_group_and_locale():
    draft = make({"": {"pieces": {"": "1"}}, "en": {"name": {"": "N"}}})
    assert snapshot.slices_of(draft, S) == [["@structure", ""], ["main", ""], ["texts", "en"]]


def test_diff_names_addresses_and_structure():
    before = make({"en": {"story": {"web": "<p>a</p>"}}}, categories=["x"])
    after = make({"en": {"story": {"web": "<p>b</p>"}}}, categories=["x", "y"])
    assert diff(before, after) == {
        "@categories": [["x"], ["x", "y"]],
        "story|web|en": ["<p>a</p>", "<p>b</p>"],
    }
