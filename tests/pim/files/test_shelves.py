"""What every shelf holds to, be it a folder or a bucket."""

import hashlib
import time

import pytest

from pim import files

DATA = b"a whole file " * 1000
SHA = hashlib.sha256(DATA).hexdigest()
NAME = f"{SHA[:2]}/{SHA[2:4]}/{SHA}"


@pytest.fixture
def made(tmp_path):
    """Return a function that makes a finished file."""

    def make(data=DATA, name="finished"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


def test_a_file_that_was_put_is_there_and_its_source_is_not(shelf, made):
    before, path = shelf.look(NAME), made()
    place = shelf.put(path, NAME)
    assert (before, path.exists(), place.read_bytes()) == (None, False, DATA)
    found = shelf.look(NAME)
    assert (found.name, found.size) == (NAME, len(DATA))
    assert abs(time.time() - found.modified) < 60
    assert (shelf.local(NAME).read_bytes(), shelf.digest(NAME)) == (DATA, SHA)


def test_the_same_file_twice_is_one(shelf, made):
    shelf.put(made(), NAME)
    again = made()
    shelf.put(again, NAME)
    assert ([f.name for f in shelf.listed()], again.exists()) == ([NAME], False)
    assert shelf.local(NAME).read_bytes() == DATA


def test_what_is_not_there_is_none_and_file_not_found(shelf):
    assert shelf.look(NAME) is None
    for ask in (shelf.local, shelf.open, shelf.read, shelf.digest):
        with pytest.raises(FileNotFoundError):
            ask(NAME)
    assert list(shelf.listed()) == []
    assert not shelf.place(NAME).exists()


@pytest.mark.parametrize(("first", "last"), [(0, None), (10, None), (10, 19), (0, 0)])
def test_a_stream_begins_where_it_was_asked_to(first, last, shelf, made):
    shelf.put(made(), NAME)
    with shelf.open(NAME, first=first, last=last) as stream:
        wanted = DATA[first : None if last is None else last + 1]
        assert stream.read(len(wanted)) == wanted


def test_a_file_that_may_change_is_read_as_it_is_now(shelf):
    for text in (b"one", b"two"):
        shelf.write("current/shop.json", [text[:1], text[1:]])
        assert shelf.read("current/shop.json") == text


def test_files_are_listed_below_a_folder(shelf, made):
    shelf.put(made(), NAME)
    shelf.write("pieces/a.heads", [b"heads"])
    assert [f.name for f in shelf.listed("pieces")] == ["pieces/a.heads"]
    assert {f.name for f in shelf.listed()} == {NAME, "pieces/a.heads"}


def test_what_is_removed_is_gone_with_every_copy(shelf, made):
    shelf.put(made(), NAME)
    shelf.remove([NAME, "ab/cd/never-there"])
    assert (shelf.look(NAME), shelf.place(NAME).exists()) == (None, False)
    shelf.remove([])


def test_a_shelf_that_can_be_used_has_no_fault(shelf):
    assert shelf.fault() == ""


@pytest.mark.parametrize("name", ["", "a", "../../etc/passwd", "A" * 64, "é" * 64, SHA + "\n"])
def test_only_digests_become_names(name):
    with pytest.raises(ValueError, match="not a digest"):
        files.name_of(name)
