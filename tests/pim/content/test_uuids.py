"""UUIDs in the order of time are ordinary ones of version 7."""

from uuid import RFC_4122, UUID

from pim.content import uuids


def test_ordered_uuid_is_a_canonical_one_of_version_7():
    text = uuids.ordered_uuid()
    found = UUID(text)
    assert (str(found), found.version, found.variant) == (text, 7, RFC_4122)


def test_later_uuids_come_later_and_none_comes_twice(monkeypatch):
    moments = iter(range(10**18, 2 * 10**18, 10**15))
    monkeypatch.setattr("time.time_ns", lambda: next(moments))
    made = [uuids.ordered_uuid() for _ in range(500)]
    assert made == sorted(set(made))
    monkeypatch.setattr("time.time_ns", lambda: 10**18)
    assert len({uuids.ordered_uuid() for _ in range(500)}) == 500


def test_ordered_uuid_says_when_it_was_made(monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: 0x017F22E279B0 * 1_000_000)
    assert uuids.ordered_uuid().startswith("017f22e2-79b0-7")
