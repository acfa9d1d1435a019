"""What a card gives up first where it has less room than its design asks for."""

from dataclasses import replace

import pytest

from syndication.outputs.catalogue import Catalogue
from syndication.rendering.print.cards import Card
from syndication.rendering.print.fitting import Job
from syndication.rendering.print.layouts.folders import shelf
from tests.factories import listings as samples

ABOVE_MORE = {
    "one": "intro", "two": "intro", "three": "intro", "four": "intro", "six": "intro",
    "eight": "intro", "spread": "description", "variants": "intro",
}  # fmt: skip


def job(folder, *, unit: int = 4, layout: str = "four", **options) -> Job:
    context = samples.context(Catalogue(), "en", folder, layout=layout, **options)
    begun = Job(Card(samples.unit(unit, "en"), context, shelf().layouts[layout]))
    begun.begin()
    return begun


def sparing(folder, *, layout: str) -> Job:
    """Return a job in a layout that shows three rows where editors set nothing."""
    context = samples.context(Catalogue(), "en", folder, layout=layout)
    usual = shelf().layouts[layout]
    amounts = {**usual.manifest.amounts, "values": 3}
    manifest = replace(usual.manifest, amounts=amounts, options=())
    begun = Job(Card(samples.unit(0, "en"), context, replace(usual, manifest=manifest)))
    begun.begin()
    return begun


def test_rows_beyond_the_usual_are_shown_where_all_should_have_room(tmp_path):
    begun = sparing(tmp_path, layout="two")
    assert (begun.designed["values"], begun.attempt.spans["values"]) == ((0, 3), (0, 8))
    assert begun.next(2).spans == begun.designed  # they had none


def test_usual_rows_are_shown_where_not_all_would_have_room(tmp_path):
    assert sparing(tmp_path, layout="eight").attempt.spans["values"] == (0, 3)


def test_number_of_rows_that_was_chosen_is_kept_where_there_is_room(tmp_path):
    chosen = job(tmp_path, unit=0, layout="two", layout_two_values=4)
    assert chosen.attempt.spans["values"] == (0, 4)


@pytest.mark.parametrize(("code", "section"), ABOVE_MORE.items())
def test_room_below_is_kept_where_the_first_section_above_it_begins(code, section):
    assert shelf().layouts[code].above_more == section


def test_values_give_way_to_variants_but_for_two(tmp_path):
    begun = job(tmp_path)
    begun.attempt = type(begun.attempt)(begun.whole)
    words, values, variants = (begun.whole[n][1] for n in ("intro", "values", "variants"))
    assert (values, variants) == (8, 8)
    cut = begun.cut({"intro": words, "values": 7, "variants": 0})
    assert cut.spans == {"intro": (0, words), "values": (0, 2), "variants": (0, 5)}
    cut = begun.cut({"intro": words, "values": 8, "variants": 6})
    assert cut.spans == {"intro": (0, words), "values": (0, 6), "variants": (0, 8)}


def test_what_still_runs_over_loses_values_first(tmp_path):
    begun = job(tmp_path)
    begun.attempt = begun.cut({"intro": 99, "values": 3, "variants": 3})
    spans = begun.attempt.spans
    assert begun.next(2).spans["values"][1] == max(2, spans["values"][1] - 1)
    assert begun.next(2).spans["intro"] == spans["intro"]


def test_card_that_continues_gives_nothing_up(tmp_path):
    begun = job(tmp_path, overflow="continue")
    cut = begun.cut({"intro": 99, "values": 7, "variants": 0})
    assert (cut.spans["values"], cut.spans["variants"]) == ((0, 7), (0, 0))
