"""How work is shared out among children."""

import pytest

from syndication.supervise.supervisor import part_size


@pytest.mark.parametrize(
    ("units", "children", "sizes"),
    [
        (0, 2, []),
        (1, 2, [1]),
        (10, 2, [5, 5]),
        (1000, 2, [100] * 10),  # not eight of 120 and one of 40, for which one child would wait
        (250, 2, [63, 63, 63, 61]),
        (250, 1, [84, 84, 82]),
    ],
)
def test_parts_are_of_equal_size(units, children, sizes):
    size = part_size(units, most=120, children=children)
    assert [min(size, units - n) for n in range(0, units, size)] == sizes
