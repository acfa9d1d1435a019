"""What a table has had already: the first line of each identifier, in little memory."""

from pim.actions.import_seen import Seen


def test_first_line_of_each_identifier_is_known():
    seen = Seen()
    assert [seen.first(f"P{n}", n + 2) for n in range(5000)] == list(range(2, 5002))
    assert [seen.first(f"P{n}", 9999) for n in range(5000)] == list(range(2, 5002))


def test_memory_grows_by_a_few_dozen_bytes_a_row():
    seen = Seen()
    for number in range(40_000):
        seen.first(f"P{number}", number + 2)
    held = sum(part.buffer_info()[1] * part.itemsize for part in (seen._keys, seen._lines))
    assert held <= 40_000 * 64
