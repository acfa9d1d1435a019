"""Brands: drafts stay drafts until put into use, history is kept, and only what shows is issued."""

import importlib
import io
from datetime import UTC, datetime

import pytest
from django.apps import apps

from pim.actions.assets import ingest_asset
from pim.content.actor import Actor
from pim.models import Asset, Locale
from syndication.actions import brands as actions
from syndication.models import Brand, BrandChange, Edition, Output
from syndication.queries.brands import look_digest, spoken, tokens_of
from syndication.refusals import (
    BrandRefused,
    CodeTaken,
    Conflict,
    NothingToUse,
    StillUsed,
)
from syndication.rendering.fonts import font_path
from syndication.rendering.tokens import TOKENS, merged, tagline
from tests.factories.typefaces import font

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WHO = {"actor": "anna", "at": NOW}
pytestmark = pytest.mark.django_db


@pytest.fixture
def brand():
    english = Locale.objects.create(code="en", enabled=True)
    for code in ("de", "sv"):
        Locale.objects.create(code=code, enabled=True, fallback=english)
    return actions.create_brand("halla", name="Halla", document={"brand": "Halla"}, **WHO)


def make_output(code, kind="catalogue", **fields):
    named = {"code": code, "name": code, "kind": kind, "channel": "shop", "audience": "consumer"}
    return Output.objects.create(**named, locales=["en"], **fields)


def edited(brand, **changes):
    said = {name: changes.pop(name) for name in ("tagline",) if name in changes}
    return merged(brand.edited, changes) | said


def rows():
    kept = Brand.objects.values_list("code", "tokens", "draft", "number", "row_version")
    return sorted(kept, key=str), BrandChange.objects.count(), Edition.objects.count()


def test_first_brand_is_the_default_and_the_next_is_not(brand):
    other = actions.create_brand("kide", name="Kide", **WHO)
    assert [(b.code, b.is_default) for b in Brand.objects.order_by("code")] == [
        ("halla", True),
        ("kide", False),
    ]
    assert actions.make_default(other, **WHO) is True
    assert actions.make_default(other, **WHO) is False
    assert Brand.objects.get(is_default=True) == other


def test_code_that_is_taken_is_refused(brand):
    before = rows()
    with pytest.raises(CodeTaken):
        actions.create_brand("halla", name="Again", **WHO)
    assert rows() == before


def test_draft_is_not_what_outputs_are_rendered_with(brand):
    output = make_output("book")
    actions.edit_brand(brand, edited(brand, colours={"accent": "#0a5c8a"}), **WHO)
    assert tokens_of(output)["colours"]["accent"] == TOKENS["colours"]["accent"]
    actions.use_brand(brand, **WHO)
    output.refresh_from_db()
    assert tokens_of(output)["colours"]["accent"] == "#0a5c8a"
    assert "accent" not in tokens_of(output)["cmyk"]
    assert (brand.number, brand.draft) == (2, {})


def test_output_has_its_own_brand_else_the_default_and_its_own_tokens_on_top(brand):
    other = actions.create_brand("kide", name="Kide", document={"brand": "Kide"}, **WHO)
    plain, chosen = make_output("plain"), make_output("chosen", brand=other)
    own = make_output("own", options={"tokens": {"tagline": "Here"}})
    assert tokens_of(plain)["brand"] == "Halla"
    assert tokens_of(chosen)["brand"] == "Kide"
    assert (tokens_of(own)["brand"], tokens_of(own)["tagline"]) == ("Halla", "Here")


def test_every_step_is_kept_with_who_and_what(brand):
    actions.edit_brand(brand, edited(brand, tagline={"en": "Slow"}), actor="eva", at=NOW)
    actions.use_brand(brand, actor="otto", at=NOW)
    found = brand.changes.order_by("id").values_list("action", "actor", "number", "detail")
    assert list(found) == [
        ("created", "anna", 1, {}),
        ("edited", "eva", 1, {"tagline.en": [None, "Slow"]}),
        ("used", "otto", 2, {"tagline.en": [None, "Slow"]}),
    ]


def test_each_reader_meets_the_tagline_of_the_language_or_of_what_it_falls_back_to(brand):
    output = make_output("book")
    actions.edit_brand(brand, edited(brand, tagline={"en": "Slow", "de": "Langsam"}), **WHO)
    actions.use_brand(brand, **WHO)
    tokens = tokens_of(Output.objects.get(pk=output.pk))
    assert spoken(tokens, ["de", "sv", "fi"])["tagline"] == {"de": "Langsam", "sv": "Slow"}
    assert [tagline(spoken(tokens, [c]), c) for c in ("en", "de", "fi")] == ["Slow", "Langsam", ""]
    assert tagline({"tagline": "For all"}, "fi") == "For all"


def test_one_tagline_for_all_is_kept_for_those_that_fall_back_to_none(brand):
    actions.edit_brand(brand, edited(brand, tagline="Slow"), **WHO)
    assert brand.draft["tagline"] == {"en": "Slow"}


def test_tagline_in_a_language_that_there_is_not_is_refused(brand):
    before = rows()
    with pytest.raises(BrandRefused) as refused:
        actions.edit_brand(brand, edited(brand, tagline={"en": "Slow", "xx": "?"}), **WHO)
    assert [(r.field, r.code) for r in refused.value.refusals] == [("tagline.xx", "not_found")]
    assert rows() == before


def test_taglines_of_before_are_kept_by_the_migration(brand):
    module = importlib.import_module("syndication.migrations.0014_tagline_by_locale")
    Brand.objects.update(tokens={"tagline": "Slow"}, draft={"tagline": ""})
    BrandChange.objects.update(tokens={"tagline": "Slow"})
    held = lambda: [  # noqa: E731
        *Brand.objects.values_list("tokens", "draft"), *BrandChange.objects.values_list("tokens")
    ]  # fmt: skip
    before = held()
    module.by_locale(apps, None)
    assert held() == [
        ({"tagline": {"en": "Slow"}}, {"tagline": {}}), ({"tagline": {"en": "Slow"}},),
    ]  # fmt: skip
    module.in_one(apps, None)
    assert held() == before


def test_writing_what_is_there_writes_nothing(brand):
    before = rows()
    assert actions.edit_brand(brand, edited(brand), **WHO) is False
    assert rows() == before


def test_draft_that_equals_what_is_in_use_is_no_draft(brand):
    actions.edit_brand(brand, edited(brand, tagline={"en": "Slow"}), **WHO)
    actions.edit_brand(brand, edited(brand, tagline={}), **WHO)
    assert brand.draft == {}
    with pytest.raises(NothingToUse):
        actions.use_brand(brand, **WHO)


def test_older_row_version_is_a_conflict(brand):
    opened = brand.row_version
    actions.edit_brand(brand, edited(brand, tagline={"en": "Slow"}), row_version=opened, **WHO)
    before = rows()
    with pytest.raises(Conflict):
        actions.edit_brand(brand, edited(brand, tagline={"en": "Fast"}), row_version=opened, **WHO)
    with pytest.raises(Conflict):
        actions.use_brand(brand, row_version=opened, **WHO)
    assert rows() == before


@pytest.mark.parametrize("document", [[], "x", None, {"colours": []}, {"colours": {"ink": 3}}])
def test_what_is_no_document_is_refused(brand, document):
    before = rows()
    with pytest.raises(BrandRefused):
        actions.edit_brand(brand, document, **WHO)
    assert rows() == before


def test_logo_is_an_ingested_picture(brand, settings):
    file = {"sha256": "ab" * 32, "filename": "x.pdf", "kind": "document", "size": 1}
    Asset.objects.create(code="paper", media_type="application/pdf", **file)
    before = rows()
    for code, said in (("gone", "not_found"), ("paper", "not_a_picture")):
        with pytest.raises(BrandRefused) as refused:
            actions.edit_brand(brand, edited(brand) | {"logo": {"code": code}}, **WHO)
        assert [(r.field, r.code) for r in refused.value.refusals] == [("logo", said)]
    assert rows() == before


@pytest.fixture
def typefaces(settings, tmp_path):
    """Return what takes a font in as an asset and returns its entry in a brand."""
    settings.ASSET_ROOT, settings.FONT_FOLDER = tmp_path / "assets", tmp_path / "fonts"

    def take(code: str, data: bytes) -> dict:
        who = {"actor": Actor("anna"), "at": NOW}
        ingest_asset(io.BytesIO(data), filename=f"{code}.ttf", code=code, **who)
        return {"code": code}

    return take


def with_faces(brand, *faces, **fonts):
    return edited(brand, fonts=fonts) | {"faces": list(faces)}


def test_font_that_is_brought_along_is_named_by_itself_and_used_under_its_bytes(brand, typefaces):
    book = make_output("book")
    before = look_digest(book)
    regular = typefaces("one", font("Halla Grotesk", width=500))
    bold = typefaces("two", font("Halla Grotesk", "Bold", woff2=True))
    families = ["Halla Grotesk", "Noto Sans", "Noto Sans Arabic"]
    actions.edit_brand(brand, with_faces(brand, regular, bold, sans=families), **WHO)
    assert [(f["code"], f["family"], f["style"]) for f in brand.draft["faces"]] == [
        ("one", "Halla Grotesk", "Regular"), ("two", "Halla Grotesk", "Bold"),
    ]  # fmt: skip
    assert look_digest(Output.objects.get()) == before
    actions.use_brand(brand, **WHO)
    alias, *rest = tokens_of(Output.objects.get())["fonts"]["sans"]
    assert (alias[:14], len(alias), rest) == ("Halla Grotesk ", 26, families[1:])
    assert [font_path(alias, style).name for style in ("Regular", "Bold", "Italic")] == [
        f"{alias.replace(' ', '')}-{style}.ttf" for style in ("Regular", "Bold", "Regular")
    ]
    in_use = look_digest(Output.objects.get())
    other = typefaces("one", font("Halla Grotesk", width=650))
    actions.edit_brand(brand, with_faces(brand, other, bold, sans=families), **WHO)
    actions.use_brand(brand, **WHO)
    assert tokens_of(Output.objects.get())["fonts"]["sans"][0] != alias
    assert len({before, in_use, look_digest(Output.objects.get())}) == 3


def test_what_is_no_font_or_is_there_twice_is_refused(brand, typefaces):
    one, two = typefaces("one", font()), typefaces("two", font(width=700))
    file = {"sha256": "ab" * 32, "filename": "x.pdf", "kind": "document", "size": 1}
    Asset.objects.create(code="paper", media_type="application/pdf", **file)
    before = rows()
    for faces, said in (
        ([{"code": "gone"}], "not_found"),
        ([{"code": "paper"}], "not_a_font"),
        (["paper"], "not_found"),
        ([one, two], "brand_refused"),
    ):
        with pytest.raises(BrandRefused) as refused:
            actions.edit_brand(brand, edited(brand) | {"faces": faces}, **WHO)
        assert [(r.field, r.code) for r in refused.value.refusals] == [("faces", said)]
    with pytest.raises(BrandRefused) as refused:
        actions.edit_brand(brand, edited(brand, fonts={"sans": ["Halla Grotesk"]}), **WHO)
    assert {r.field for r in refused.value.refusals} == {"fonts.sans"}
    assert rows() == before


def test_using_a_brand_issues_what_follows_changes_and_shows_the_change(brand):
    make_output("book", cadence="on change")
    make_output("held", cadence="on change", held=True)
    make_output("nightly", cadence="daily 02:00")
    make_output("pages", kind="landing", cadence="on change")
    make_output("feed", kind="google_merchant", cadence="on change")
    actions.edit_brand(brand, edited(brand, cmyk={"pine": [60, 30, 40, 60]}), **WHO)
    assert [o.code for o in actions.use_brand(brand, **WHO)] == ["book"]
    assert list(Edition.objects.values_list("output__code", flat=True)) == ["book"]


def test_look_of_an_output_changes_with_what_its_files_show(brand):
    outputs = [
        make_output("book"), make_output("pages", kind="landing"),
        make_output("feed", kind="google_merchant"),
    ]  # fmt: skip
    before = [look_digest(o) for o in outputs]
    actions.edit_brand(brand, edited(brand, **{"print": {"text": 8}}), **WHO)
    assert [look_digest(o) for o in outputs] == before
    actions.use_brand(brand, **WHO)
    after = [look_digest(o) for o in Output.objects.order_by("id")]
    assert [a == b for a, b in zip(after, before, strict=True)] == [False, True, True]
    assert before[2] == ""


def test_brand_in_use_or_default_cannot_be_deleted(brand):
    other = actions.create_brand("kide", name="Kide", **WHO)
    make_output("book", brand=other)
    for one in (brand, other):
        with pytest.raises(StillUsed):
            actions.delete_brand(one)
    assert Brand.objects.count() == 2
    Output.objects.all().delete()
    actions.delete_brand(other)
    assert list(Brand.objects.values_list("code", flat=True)) == ["halla"]


def test_earlier_look_comes_back_as_a_draft(brand):
    actions.edit_brand(brand, edited(brand, tagline={"en": "Slow"}), **WHO)
    actions.use_brand(brand, **WHO)
    first = brand.changes.order_by("id").first()
    assert actions.restore_brand(brand, first, **WHO) is True
    assert (brand.tokens["tagline"], brand.draft["tagline"]) == ({"en": "Slow"}, {})


def test_discarding_drops_the_draft_and_says_so(brand):
    assert actions.discard_draft(brand, **WHO) is False
    actions.edit_brand(brand, edited(brand, tagline={"en": "Slow"}), **WHO)
    assert actions.discard_draft(brand, **WHO) is True
    assert (brand.draft, brand.changes.first().action) == ({}, "discarded")
