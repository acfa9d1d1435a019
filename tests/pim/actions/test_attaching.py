"""Asset families: names of files lead to products, rights are inherited, and their time ends."""

from datetime import timedelta

import pytest

from pim import published
from pim.actions.assets import describe_asset
from pim.actions.attaching import attach_assets, save_pattern
from pim.content.naming import Named, read_name
from pim.content.refusals import Refused
from pim.models import Asset, AssetFamily, Attribute, Change
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> int:
    lamp_catalogue()
    Attribute.objects.filter(code="photo").update(rules={"max_items": 5})
    return write(wish("L-1", family="lamp"))[0].product_id


def family(pattern="{identifier}_{position}", attribute="photo", **how) -> AssetFamily:
    held = Attribute.objects.get(code=attribute) if attribute else None
    return AssetFamily.objects.create(code="shots", pattern=pattern, attribute=held, **how)


def assets(*names: str) -> list[Asset]:
    return [
        Asset.objects.create(
            code=f"a{n}", filename=name, kind="image", media_type="image/jpeg", size=1,
            sha256="0" * 64, original_sha256="0" * 64,
        )
        for n, name in enumerate(names)
    ]  # fmt: skip


def attach(*names: str) -> list[str]:
    return [a.outcome for a in attach_assets(assets(*names), actor=ANNA, at=NOW)]


def photos(pk: int) -> list[str]:
    return read_drafts([pk])[pk].values.get("", {}).get("photo", {}).get("", [])


@pytest.mark.parametrize(
    ("stem", "pattern", "expected"),
    [
        ("L-1_2", "{identifier}_{position}", Named("L-1", position=2)),
        ("a_b_10", "{identifier}_{position}", Named("a_b", position=10)),
        ("4711-de_DE", "{identifier}-{locale}", Named("4711", locale="de_DE")),
        ("IMG 4711 front", "img {identifier} {any}", Named("4711")),
        ("photo.4711", "{attribute}.{identifier}", Named("4711", attribute="photo")),
        ("4711", "{identifier}_{position}", None),
        ("x(1)", "{identifier}", Named("x(1)")),
    ],
)
def test_a_name_is_read_by_its_rule(stem, pattern, expected):
    assert read_name(stem, pattern) == expected


@pytest.mark.parametrize(
    "pattern", ["{position}", "{identifier}_{identifier}", "{identifier}_{nope}", "shot"]
)
def test_a_rule_that_cannot_be_read_is_refused(pattern):
    with pytest.raises(Refused):
        save_pattern(AssetFamily(pattern=pattern, attribute_id=1))


def test_a_rule_that_leads_nowhere_is_refused():
    with pytest.raises(Refused):
        save_pattern(AssetFamily(pattern="{identifier}"))


def test_files_are_attached_in_the_order_of_their_names(lamp):
    family()
    assert attach("l-1_2.jpg", "L-1_1.jpg", "L-9_1.jpg", "other.jpg") == [
        "attached", "attached", "refused", "unnamed",
    ]  # fmt: skip
    assert photos(lamp) == ["a1", "a0"]
    assert Change.objects.filter(product_id=lamp, reason="naming rule").count() == 1


def test_attaching_again_changes_nothing(lamp):
    family()
    held = assets("L-1_1.jpg")
    attach_assets(held, actor=ANNA, at=NOW)
    before = Change.objects.count()
    (again,) = attach_assets(held, actor=ANNA, at=NOW)
    assert (again.outcome, Change.objects.count()) == ("there", before)


def test_a_place_for_one_gets_the_new_one(lamp):
    Attribute.objects.filter(code="photo").update(rules={"max_items": 1})
    family("{identifier}")
    write(wish("L-1", at={"photo||": [assets("old.jpg")[0].code]}))
    Asset.objects.filter(code="a0").update(code="old")
    attach("L-1.jpg")
    assert photos(lamp) == ["a0"]


def test_rights_of_the_family_fill_what_the_asset_lacks(lamp):
    family(licence="CC BY", author="Studio", days_valid=30)
    (shot,) = assets("L-1_1.jpg")
    Asset.objects.update(author="Aino")
    shot.refresh_from_db()
    attach_assets([shot], actor=ANNA, at=NOW)
    shot.refresh_from_db()
    assert (shot.licence, shot.author, shot.valid_to) == ("CC BY", "Aino", NOW + timedelta(days=30))


def test_rights_that_an_asset_takes_over_are_told_to_the_log(lamp):
    family(days_valid=30)
    (shot,) = assets("L-1_1.jpg")
    attach_assets([shot], actor=ANNA, at=NOW)
    attach_assets(list(Asset.objects.all()), actor=ANNA, at=NOW)
    (change,) = Change.objects.filter(subject="asset:a0")
    end = str(NOW + timedelta(days=30))
    assert (change.action, change.detail) == ("describe", {"valid_to": ["", end]})


def test_an_asset_is_shown_within_its_time_only(lamp):
    (shot,) = assets("x.jpg")
    day = timedelta(days=1)
    describe_asset(shot, actor=ANNA, at=NOW, valid_from=NOW, valid_to=NOW + day)
    moments = [NOW - day, NOW, NOW + day - timedelta(seconds=1), NOW + day]
    assert [list(published.assets(["a0"], at=at)) for at in moments] == [[], ["a0"], ["a0"], []]
    assert published.asset_boundaries(NOW, NOW + day) == {"a0"}
    assert published.asset_boundaries(NOW + day, NOW + 2 * day) == set()


def test_a_time_that_ends_before_it_begins_is_refused(lamp):
    (shot,) = assets("x.jpg")
    with pytest.raises(Refused):
        describe_asset(shot, actor=ANNA, at=NOW, valid_from=NOW, valid_to=NOW)
    shot.refresh_from_db()
    assert (shot.valid_from, shot.valid_to) == (None, None)
