"""Running editions: what is made, what is counted, what stays."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import translation

from syndication import store
from syndication.actions.editions import issue_edition, pieces, run_due_editions, run_edition
from syndication.models import Edition, EditionArtefact, Fragment, ItemError, OutboxEntry, Pointer
from syndication.refusals import NoLocale
from tests.factories import shelf

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def issue(output, **kwargs):
    """Issue and run; return the edition as it ended."""
    (edition,) = issue_edition(output, actor="anna", at=NOW, **kwargs)
    assert run_edition(edition.pk)
    return Edition.objects.get(pk=edition.pk)


def text_of(edition, name="list.en.txt"):
    link = EditionArtefact.objects.get(edition=edition, name=name)
    return store.path_of(link.artefact_id).read_text()


def figures(edition, *names):
    return [edition.counts[name] for name in names]


WORK = ("rendered", "reused")
NEWS = ("added", "changed", "removed", "unchanged")
SUM = ("items_in", "issued", "item_errors", "excluded")


def test_first_issue_renders_everything_and_moves_the_pointer():
    shelf.stock({"A-1": "one", "A-2": "two", "A-3": "three"})
    edition = issue(shelf.make_output())
    assert edition.state == "issued", edition.cause
    assert text_of(edition) == "list 3\nA-1;one;10\nA-2;two;10\nA-3;three;10\n"
    assert figures(edition, *WORK, *NEWS) == [3, 0, 3, 0, 0, 0]
    assert figures(edition, *SUM) == [3, 3, 0, 0]
    assert Pointer.objects.get().edition == edition
    assert (edition.data_version, edition.attempt) == (1, 1)


def test_second_issue_renders_only_what_changed():
    output = shelf.make_output()
    shelf.stock({f"A-{n}": "one" for n in range(1, 11)})
    issue(output)
    shelf.stock({f"A-{n}": "two" if n == 3 else "one" for n in range(1, 10)} | {"A-11": "new"})
    edition = issue(output)
    assert edition.state == "issued", edition.cause
    assert figures(edition, *WORK, *NEWS) == [2, 8, 1, 1, 1, 8]
    assert text_of(edition).splitlines()[3] == "A-3;two;10"
    assert list(Fragment.objects.order_by("unit").values_list("unit", flat=True)) == [
        *range(1, 10),
        11,
    ]


def test_issue_without_change_links_the_same_file_and_renders_nothing():
    output = shelf.make_output()
    shelf.stock({"A-1": "refused", "A-2": "two"})
    first, second = issue(output), issue(output)
    assert second.state == "issued_with_warnings"
    assert figures(second, *WORK, *NEWS, *SUM) == [0, 2, 0, 0, 0, 2, 2, 1, 1, 0]
    assert text_of(first) == text_of(second)
    assert Pointer.objects.get().edition == second
    assert [e.code for e in second.item_errors.all()] == ["no_name"]


def test_linked_files_say_whose_they_are():
    output = shelf.make_output()
    shelf.stock({"A-1": "one"})
    first, second, third = issue(output), issue(output), issue(output)
    assert [e.counts.get("files_of") for e in (first, second, third)] == [None, 1, 1]


def test_numbered_edition_shows_its_own_number_and_codes_where_nothing_changed():
    output = shelf.make_output(kind="numbered_list")
    shelf.stock({"A-1": "one"})
    first, second = issue(output), issue(output)
    assert second.state == "issued", second.cause
    assert figures(second, *WORK, *NEWS, *SUM) == [0, 1, 0, 0, 0, 1, 1, 1, 0, 0]
    assert "files_of" not in second.counts
    for edition in (first, second):
        (touchpoint,) = edition.touchpoints.all()
        number, url = text_of(edition, "number.txt").split()
        assert (number, url.rpartition("/")[2]) == (str(edition.number), touchpoint.code)
    assert text_of(first) == text_of(second)


def test_lost_fragments_are_rendered_again_where_their_pieces_are_lost_too():
    output = shelf.make_output()
    shelf.stock({"A-1": "one", "A-2": "two"})
    issue(output)
    for path in pieces.folder().iterdir():
        path.unlink()
    Fragment.objects.filter(unit=1).delete()
    shelf.stock({"A-1": "one", "A-2": "zwei"})
    edition = issue(output)
    assert figures(edition, *WORK) == [2, 0]
    assert text_of(edition) == "list 2\nA-1;one;10\nA-2;zwei;10\n"


def test_lost_fragments_are_not_missed_where_their_pieces_are_kept():
    output = shelf.make_output()
    shelf.stock({"A-1": "one", "A-2": "two", "A-3": "refused"})
    issue(output)
    Fragment.objects.filter(unit=1).delete()
    shelf.stock({"A-1": "one", "A-2": "zwei", "A-3": "refused"})
    edition = issue(output)
    assert figures(edition, *WORK, *SUM) == [1, 2, 3, 2, 1, 0]
    assert text_of(edition) == "list 2\nA-1;one;10\nA-2;zwei;10\n"


def test_fact_change_renders_the_item_again():
    output = shelf.make_output()
    shelf.stock({"A-1": "one", "A-2": "two"})
    issue(output)
    shelf.stock({"A-1": "one", "A-2": "two"}, prices={"A-2": "11"})
    edition = issue(output)
    assert figures(edition, *WORK) == [1, 1]
    assert text_of(edition).endswith("A-2;two;11\n")


def test_kind_that_reads_less_is_not_rendered_for_what_it_does_not_read():
    output = shelf.make_output(kind="reads_names")
    shelf.stock({"A-1": "one", "A-2": "two"})
    issue(output)
    shelf.stock({"A-1": "one", "A-2": "two"}, prices={"A-2": "11"})
    edition = issue(output)
    assert figures(edition, *WORK, *NEWS) == [0, 2, 0, 1, 0, 1]
    assert text_of(edition).endswith("A-2;two;10\n")
    shelf.stock({"A-1": "one", "A-2": "zwei"}, prices={"A-2": "11"})
    assert figures(issue(output), *WORK) == [1, 1]


def test_change_of_environment_renders_everything_again():
    output = shelf.make_output(options={"environment": "1"})
    shelf.stock({"A-1": "one", "A-2": "two"})
    issue(output)
    output.options = {"environment": "2"}
    output.save()
    assert figures(issue(output), *WORK, *NEWS) == [2, 0, 0, 0, 0, 2]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("refused", "no_name"),
        ("bug", "render_error"),
        ("crash", "render_crash"),
        ("hog", "oom"),
        ("network", "render_error"),
        ("database", "render_error"),
        ("models", "render_error"),
    ],
)
def test_bad_item_is_left_out_and_reported_and_the_rest_is_issued(name, code):
    names = {f"A-{n}": "one" for n in range(1, 8)} | {"A-3": name}
    shelf.stock(names)
    edition = issue(shelf.make_output())
    assert edition.state == "issued_with_warnings", edition.cause
    errors = ItemError.objects.filter(edition=edition)
    assert [(e.identifier, e.code, e.severity) for e in errors] == [("A-3", code, "error")]
    assert figures(edition, *SUM) == [7, 6, 1, 0]
    assert "A-3" not in text_of(edition)


def test_item_that_hangs_is_killed_and_reported(monkeypatch):
    import plain_list_kind

    monkeypatch.setattr(plain_list_kind.PlainList, "seconds", 1)
    monkeypatch.setattr(plain_list_kind.PlainList, "part_size", 1)
    shelf.stock({"A-1": "one", "A-2": "hang"})
    edition = issue(shelf.make_output())
    assert [(e.identifier, e.code) for e in edition.item_errors.all()] == [("A-2", "timeout")]
    assert figures(edition, *SUM) == [2, 1, 1, 0]


def test_warning_is_reported_and_the_item_issued():
    shelf.stock({"A-1": "doubtful"})
    edition = issue(shelf.make_output())
    assert edition.state == "issued_with_warnings"
    assert figures(edition, *SUM, "warnings") == [1, 1, 0, 0, 1]


def test_what_only_assembly_reads_makes_new_files_of_the_same_fragments():
    shelf.stock({"A-1": "one", "A-2": "two"})
    output = shelf.make_output()
    issue(output)
    output.options = {"heading": "Spring: "}
    output.save()
    edition = issue(output)
    assert text_of(edition) == "Spring: list 2\nA-1;one;10\nA-2;two;10\n"
    assert figures(edition, "rendered", "reused", "unchanged") == [0, 2, 2]
    # Introductions of categories are for assembly, their labels may stand in any fragment.
    rendered = []
    for lamps in ({"label": "Lamps"}, {"label": "Lamps", "intro": "<p>Lit.</p>"}, {"label": "Lit"}):
        shelf.label("en", {"lamps": lamps})
        rendered.append(figures(issue(output), "rendered", "reused"))
    assert rendered == [[2, 0], [0, 2], [2, 0]]


def test_message_keeps_its_places_so_that_every_reader_has_it_in_a_language_of_their_own():
    shelf.stock({"A-1": "doubtful", "A-2": "bug"})
    output = shelf.make_output()
    first, again = issue(output), issue(output)
    assert again.counts["reused"] == 2
    for edition in (first, again):
        errors = edition.item_errors.order_by("identifier")
        assert [(e.message, json.loads(e.params)) for e in errors] == [
            ("There is no %(what)s “%(name)s”.", {"what": "item", "name": "A-1"}),
            ("The output kind failed on this item: %(error)s", {"error": "KeyError: 'bug'"}),
        ]
        with translation.override("fi"):
            assert errors[0].say() == "Ei löydy: item ”A-1”."
        with translation.override("en"):
            assert errors[0].say() == "There is no item “A-1”."


def test_withheld_and_unselected_items_are_counted_by_reason():
    shelf.stock({"A-1": "one", "A-2": "two", "A-3": "three"})
    shelf.put("A-2", "two", state="withheld", reasons=[{"code": "missing_value"}])
    edition = issue(shelf.make_output(selection={"identifiers": ["A-1", "A-2"]}))
    assert figures(edition, *SUM) == [3, 1, 0, 2]
    assert edition.counts["excluded_by"] == {"withheld:missing_value": 1, "selection": 1}


def test_output_of_several_locales_issues_one_edition_each():
    shelf.stock({"A-1": "one"}, locales=("en", "fi"))
    output = shelf.make_output(locales=("en", "fi"))
    editions = issue_edition(output, actor="anna", at=NOW)
    assert [(e.number, e.locale) for e in editions] == [(1, "en"), (2, "fi")]
    assert run_due_editions() == 2
    assert {p.locale: p.edition.number for p in Pointer.objects.all()} == {"en": 1, "fi": 2}


def test_combined_edition_needs_every_locale():
    shelf.stock({"A-1": "one", "A-2": "two"}, locales=("en", "fi"))
    shelf.put("A-2", "two", locale="fi", state="removed")
    edition = issue(shelf.make_output(locales=("en", "fi"), combined=True))
    assert (edition.state, edition.locale) == ("issued", "")
    assert edition.counts["excluded_by"] == {"not_in_every_locale": 1}
    assert text_of(edition, "list.en-fi.txt") == "list 1\nA-1;one;10\n"


def test_same_idempotency_key_gives_the_same_edition():
    shelf.stock({"A-1": "one"})
    output = shelf.make_output()
    (first,) = issue_edition(output, actor="anna", at=NOW, idempotency_key="k")
    (again,) = issue_edition(output, actor="anna", at=NOW, idempotency_key="k")
    assert first.pk == again.pk
    assert (Edition.objects.count(), OutboxEntry.objects.count()) == (1, 1)


def test_code_for_a_place_is_written_and_recorded():
    shelf.stock({"A-1": "one"})
    edition = issue(shelf.make_output(options={"code": "A-1"}))
    (touchpoint,) = edition.touchpoints.all()
    assert text_of(edition, "code.txt").endswith(f"/q/{touchpoint.code}")
    assert (touchpoint.place, touchpoint.locale, str(touchpoint.product_uuid)[-1]) == (
        "cover",
        "en",
        "1",
    )


def test_scratch_is_empty_afterwards(settings):
    shelf.stock({"A-1": "crash", "A-2": "two"})
    issue(shelf.make_output())
    assert list(settings.SCRATCH_ROOT.iterdir()) == []


def test_output_can_be_deleted_with_all_it_made():
    shelf.stock({"A-1": "one"})
    output = shelf.make_output()
    issue(output)
    output.delete()
    assert (Edition.objects.count(), Pointer.objects.count(), Fragment.objects.count()) == (0, 0, 0)


def test_output_without_locales_is_refused_and_nothing_written():
    output = shelf.make_output(locales=())
    with pytest.raises(NoLocale):
        issue_edition(output, actor="anna", at=NOW)
    assert (Edition.objects.count(), OutboxEntry.objects.count()) == (0, 0)
