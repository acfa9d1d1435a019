"""The pages of outputs: real fields for settings, buttons that act, nothing shown twice."""

import json
from datetime import UTC, datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from pim.models import Channel
from pim.queries.structure import forget_structure
from syndication.actions.schedule import arm_cadence, issue_due
from syndication.models import (
    ApiKey,
    Artefact,
    AuditEntry,
    Edition,
    EditionArtefact,
    ItemError,
    Output,
)
from syndication.rendering.google_rules import CURES, SENTENCES
from tests.factories.desk import staff, superuser
from tests.factories.lamps import NOW, build_structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def output(client):
    build_structure()
    client.force_login(superuser())
    return Output.objects.create(
        code="feed", name="Feed", kind="web_json", channel="web", audience="consumer",
        locales=["en", "fi"], cadence="daily 02:00",
    )  # fmt: skip


def page(output) -> str:
    return reverse("admin:syndication_output_change", args=[output.pk])


def settings_of(output, **changed) -> dict:
    """Return what the settings form would post untouched."""
    deliveries = {f"deliveries-{n}": "0" for n in ("TOTAL_FORMS", "INITIAL_FORMS")}
    guard = {
        "guard_enabled": "on", "guard_vanished_percent": "10", "guard_vanished_items": "20",
        "guard_empty": "on", "guard_prices_missing_percent": "2", "guard_price_move_percent": "30",
    }  # fmt: skip
    return {
        "name": output.name, "channel": "web", "audience": "consumer", "locales": output.locales,
        "cadence": output.cadence, "time_zone": "UTC", "enabled": "on", **guard, **deliveries,
        **changed,
    }  # fmt: skip


def test_the_page_opens_with_its_next_slots(output, client):
    answer = client.get(page(output))
    assert answer.status_code == 200
    assert [slot.partition(", 2026, ")[2] for slot in answer.context["slots"]] == [
        "2 a.m. (UTC)"
    ] * 4


def test_the_settings_are_saved_from_real_fields(output, client):
    typed = settings_of(
        output,
        option_currency="EUR",
        select_families=["lamp"],
        select_identifiers="A1, A2",
        guard_vanished_percent="25",
        cadence="every 5 minutes",
    )
    answer = client.post(page(output), typed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    output.refresh_from_db()
    assert output.selection == {"families": ["lamp"], "identifiers": ["A1", "A2"]}
    assert (output.options, output.guard, output.cadence) == (
        {"currency": "EUR"},
        {"vanished_percent": 25},
        "every 5 minutes",
    )


@pytest.mark.parametrize(
    ("changed", "slots"),
    [
        ({"cadence": "every 5 minutes"}, ["sched:2026-11-22T12:05Z"]),
        ({"cadence": "daily 12:05", "time_zone": "UTC"}, ["sched:2026-11-22T12:05Z"]),
        ({"name": "Other"}, ["sched:2026-11-22T02:00Z"]),
    ],
)
def test_another_cadence_begins_with_its_very_next_slot(
    output, client, time_machine, changed, slots
):
    arm_cadence(output, at=datetime(2026, 11, 21, 12, tzinfo=UTC))
    time_machine.move_to(datetime(2026, 11, 22, 12, 4, 30, tzinfo=UTC), tick=False)
    answer = client.post(page(output), settings_of(output, **changed))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    issue_due(at=datetime(2026, 11, 22, 12, 5, 20, tzinfo=UTC))
    keys = Edition.objects.filter(locale="en").values_list("trigger_key", flat=True)
    assert list(keys) == slots


def test_an_output_switched_on_again_makes_up_for_nothing(output, client, time_machine):
    arm_cadence(output, at=datetime(2026, 11, 1, tzinfo=UTC))
    Output.objects.update(enabled=False)
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    assert client.post(page(output), settings_of(output)).status_code == 302
    issue_due(at=datetime(2026, 11, 22, 12, 1, tzinfo=UTC))
    assert Edition.objects.count() == 0


def test_a_cadence_that_nobody_understands_is_refused(output, client):
    answer = client.post(page(output), settings_of(output, cadence="now and then"))
    assert list(answer.context["adminform"].form.errors) == ["cadence"]
    output.refresh_from_db()
    assert output.cadence == "daily 02:00"


def test_a_locale_outside_the_channel_is_refused(output, client):
    answer = client.post(page(output), settings_of(output, locales=["sv"]))
    assert list(answer.context["adminform"].form.errors) == ["locales"]
    output.refresh_from_db()
    assert output.locales == ["en", "fi"]


def test_issue_now_queues_one_locale_or_all(output, client):
    url = reverse("admin:syndication_output_issue", args=[output.pk])
    client.post(url, {"locale": "fi"})
    assert list(Edition.objects.values_list("locale", "created_by")) == [("fi", "anna")]
    client.post(url)
    assert sorted(Edition.objects.values_list("locale", flat=True)) == ["en", "fi", "fi"]


def test_holding_and_releasing_is_audited(output, client):
    url = reverse("admin:syndication_output_hold", args=[output.pk])
    client.post(url)
    output.refresh_from_db()
    assert output.held is True
    client.post(url)
    output.refresh_from_db()
    assert output.held is False
    assert list(AuditEntry.objects.values_list("action", "actor")) == [
        ("release", "anna"),
        ("hold", "anna"),
    ]


@pytest.mark.parametrize("name", ["issue", "hold", "roll_back"])
def test_buttons_are_for_those_who_may_change_outputs(output, client, name):
    client.force_login(staff("otto", "view_output"))
    url = reverse(f"admin:syndication_output_{name}", args=[output.pk])
    assert client.post(url).status_code == 403
    output.refresh_from_db()
    assert (Edition.objects.count(), output.held) == (0, False)


def edition_of(output, **changed) -> Edition:
    return Edition.objects.create(
        output=output, locale="en", trigger_key="manual:1", created_at=NOW,
        **{"number": 1, "state": "blocked", "cause": "Half of the items have vanished.", **changed},
    )  # fmt: skip


def test_a_blocked_edition_can_be_rejected(output, client):
    edition = edition_of(output)
    shown = client.get(reverse("admin:syndication_edition_change", args=[edition.pk]))
    assert shown.context["decisions"] == ["approve", "reject"]
    url = reverse("admin:syndication_edition_decide", args=[edition.pk])
    client.post(url, {"decision": "reject", "note": "wrong tree"})
    edition.refresh_from_db()
    assert edition.state == "rejected"
    assert list(AuditEntry.objects.values_list("action", "note")) == [("reject", "wrong tree")]


def test_linked_files_are_said_to_be_those_of_an_earlier_edition(output, client):
    edition = edition_of(output, state="issued", number=3, counts={"files_of": 2})
    digest = "a" * 64
    artefact = Artefact.objects.create(sha256=digest, size=1, media_type="text/plain")
    EditionArtefact.objects.create(
        edition=edition, artefact=artefact, name="list.txt", audience="consumer"
    )
    shown = client.get(reverse("admin:syndication_edition_change", args=[edition.pk]))
    assert "these are the files of edition 2" in shown.content.decode()


def test_item_errors_are_filtered_by_what_they_are(output, client):
    edition = edition_of(output, state="issued_with_warnings")
    for code, severity in (("no_gtin", "error"), ("no_image", "warning")):
        ItemError.objects.create(
            edition=edition, identifier="A1", code=code, message="–", severity=severity
        )
    url = reverse("admin:syndication_edition_change", args=[edition.pk])
    codes = [e.code for e in client.get(url, {"severity": "warning"}).context["errors"]]
    assert codes == ["no_image"]


def test_reasons_are_counted_and_say_what_helps(output, client):
    Output.objects.update(kind="google_merchant")
    output.refresh_from_db()
    edition = edition_of(output, counts={"warnings_by": {"shortened": 5000}})
    told = [("A1", "missing_brand", "error"), ("A2", "missing_image", "error")]
    told += [
        ("A3", "missing_image", "error"),
        ("A4", "shortened", "warning"),
        ("A4", "odd", "warning"),
    ]
    for identifier, code, severity in told:
        ItemError.objects.create(
            edition=edition, identifier=identifier, code=code, severity=severity,
            message=SENTENCES.get(code, "It is %(how)s."), params='{"limit": 150, "how": "odd"}',
        )  # fmt: skip
    url = reverse("admin:syndication_edition_change", args=[edition.pk])
    shown = client.get(url)
    found = [(r["code"], r["count"], r["examples"][0].say()) for r in shown.context["reasons"]]
    assert found == [
        ("missing_image", 2, "There is no picture; Google needs at least one."),
        ("missing_brand", 1, "There is no brand; fill the brand or set one for the whole feed."),
        ("shortened", 5000, "The text has more than 150 characters and was shortened."),
        ("odd", 1, "It is odd."),
    ]
    assert [str(r["cure"]) for r in shown.context["reasons"]] == [
        str(CURES["missing_image"]), str(CURES["missing_brand"]), str(CURES["shortened"]), "",
    ]  # fmt: skip
    assert str(CURES["missing_brand"]) in unescape(shown.text)


def test_many_findings_of_one_code_are_one_row_with_a_few_examples(output, client):
    edition = edition_of(output)
    ItemError.objects.bulk_create(
        ItemError(
            edition=edition, identifier=f"A {n // 2}", code=code, severity="warning", message="Odd."
        )
        for code in ("odd", "rare")
        for n in range(80 if code == "odd" else 1)
    )
    url = reverse("admin:syndication_edition_change", args=[edition.pk])
    shown, asked = client.get(url), client.get(url, {"code": "odd"})
    rows = [
        (row["code"], row["count"], [error.identifier for error in row["examples"]])
        for row in shown.context["reasons"]
    ]
    assert rows == [("odd", 80, ["A 0", "A 1", "A 2"]), ("rare", 1, ["A 0"])]
    named = [f"identifier=A%20{n}&" in shown.text for n in range(5)]
    assert named == [True, True, True, False, False]
    assert (asked.text.count("identifier=A%2024&"), len(asked.context["errors"])) == (2, 50)


def test_what_was_not_meant_for_the_edition_is_said_in_words(output, client):
    by = {"selection": 2, "withheld:incomplete": 1, "withheld": 3, "not_in_every_locale": 4}
    edition = edition_of(output, counts={"excluded_by": by})
    shown = client.get(reverse("admin:syndication_edition_change", args=[edition.pk]))
    assert shown.context["excluded"] == [
        ("not live in every locale", 4),
        ("not in the selection of the output", 2),
        ("withheld", 3),
        ("below the completeness gate", 1),
    ]


def test_pages_name_kind_channel_and_trigger_in_words(output, client):
    Channel.objects.filter(code="web").update(labels={"en": "Web", "fi": "Verkko"})
    forget_structure()
    Output.objects.update(cadence="on change")
    edition = edition_of(output)
    Edition.objects.update(trigger_key="sched:2026-11-22T12:05Z")
    listed = reverse("admin:syndication_output_changelist")
    assert "Verkko" in client.get(listed, headers={"Accept-Language": "fi"}).text
    (fields,) = client.get(page(output)).context["adminform"].fieldsets[:1]
    assert fields[1]["fields"] == ["code", "name", "kind_text", "enabled"]
    shown = client.get(reverse("admin:syndication_edition_change", args=[edition.pk]))
    assert shown.context["trigger"] == "on schedule (2026-11-22 12:05 UTC)"
    Edition.objects.update(trigger_key="manual:9c3a")
    shown = client.get(reverse("admin:syndication_edition_change", args=[edition.pk]))
    assert shown.context["trigger"] == "by hand"


def test_every_sentence_of_the_google_feed_says_what_helps():
    assert set(CURES) == set(SENTENCES)


def test_the_cause_of_a_block_is_said_in_the_language_of_the_reader():
    causes = [["There is no %(what)s “%(name)s”.", {"what": "x", "name": "y"}], ["100 % so", {}]]
    edition = Edition(cause="There is no x “y”.\n100 % so", causes=json.dumps(causes))
    with translation.override("fi"):
        assert edition.why() == "Ei löydy: x ”y”.\n100 % so"
        edition.cause = "The worker was lost."
        assert edition.why() == "The worker was lost."


def test_a_key_is_shown_once_and_never_again(output, client):
    url = reverse("admin:syndication_apikey_add")
    answer = client.post(url, {"name": "shop", "audiences": ["reseller"], "enabled": "on"})
    key = ApiKey.objects.get()
    secret = answer.context["made"].partition(".")[2]
    assert (key.audiences, answer["Cache-Control"].split(",")[0]) == (["reseller"], "no-store")
    again = client.get(reverse("admin:syndication_apikey_change", args=[key.pk]))
    assert (secret in again.content.decode(), key.secret_hmac in again.content.decode()) == (
        False,
        False,
    )


@pytest.fixture
def catalogue(output):
    return Output.objects.create(
        code="book", name="Book", kind="catalogue", channel="web", audience="consumer",
        locales=["en", "fi"],
    )  # fmt: skip


def test_options_stand_in_groups_and_say_what_they_need(catalogue, client):
    seen = unescape(client.get(page(catalogue)).content.decode())
    groups = ("Covers and chapter openers", "Pages and numbers", "Adverts and fixed pages")
    places = [seen.index(group) for group in groups]
    assert places == sorted(places)
    assert 'data-pm-needs="option_symbols="' in seen


def test_rows_of_documents_are_saved_and_an_emptied_one_is_gone(catalogue, client):
    typed = settings_of(
        catalogue,
        **{
            "option_inserts-0-asset": "advert",
            "option_inserts-0-place": "every",
            "option_inserts-0-n": "8",
            "option_inserts-1-asset": "",
            "option_inserts-3-asset": "map",
            "option_inserts-3-place": "inside_front",
        },
    )
    answer = client.post(page(catalogue), typed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    catalogue.refresh_from_db()
    assert catalogue.options["inserts"] == [
        {"asset": "advert", "place": "every", "n": 8},
        {"asset": "map", "place": "inside_front"},
    ]
    client.post(page(catalogue), settings_of(catalogue, **{"option_inserts-0-asset": ""}))
    catalogue.refresh_from_db()
    assert "inserts" not in catalogue.options


@pytest.mark.parametrize(
    "row", [{"asset": "x", "place": "nowhere"}, {"place": "every"}, {"asset": "x", "n": "1.5"}]
)
def test_row_that_makes_no_sense_is_refused(catalogue, client, row):
    typed = {f"option_inserts-0-{code}": text for code, text in row.items()}
    answer = client.post(page(catalogue), settings_of(catalogue, **typed))
    assert list(answer.context["adminform"].form.errors) == ["option_inserts"]
    catalogue.refresh_from_db()
    assert catalogue.options == {}
