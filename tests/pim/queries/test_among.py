"""The lookup `among` finds what `in` finds, and SQLite gets its pages back after an import."""

import pytest
from django.db import connection

from pim.actions.room import room_for_many
from pim.models import Group, GroupType

pytestmark = pytest.mark.django_db
CODES = ["a", "A", "ä", 'quo"te', "back\\slash", "co,mma", "{brace}", "100 %", "NULL", ""]


def test_among_finds_what_in_finds():
    kind = GroupType.objects.create(code="any")
    Group.objects.bulk_create(Group(code=code, type=kind) for code in CODES)
    for wanted in (set(), {"a"}, {*CODES[:-1], "other"}, {"", "b"}, set(CODES)):
        found = Group.objects.filter(code__among=wanted).values_list("code", flat=True)
        assert set(found) == wanted & set(CODES)
    assert Group.objects.filter(code__among={"a"}).exclude(code__among={"A"}).count() == 1


def test_among_finds_ids_and_keys_to_others():
    kinds = [GroupType.objects.create(code=code) for code in "abc"]
    groups = [Group.objects.create(code=kind.code, type=kind) for kind in kinds]
    two, none = {groups[0].pk, groups[2].pk, -1}, Group.objects.filter(pk__among=set())
    assert set(Group.objects.filter(pk__among=two)) == {groups[0], groups[2]}
    assert list(Group.objects.filter(type_id__among={kinds[1].pk: "any"})) == [groups[1]]
    assert (none.count(), Group.objects.filter(type_id__among=[]).count()) == (0, 0)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="its page cache")
def test_room_for_many_is_given_back():
    def told():
        with connection.cursor() as cursor:
            return [
                cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("cache_size", "wal_autocheckpoint")
            ]

    before = told()
    with room_for_many():
        assert told() == [-256 * 1024, 16_384]
    assert told() == before
