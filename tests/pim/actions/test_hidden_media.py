"""Media of products that somebody may not see: at no door are they there."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from pim.actions import import_addresses
from pim.actions.asset_values import fill_asset
from pim.actions.assets import delete_asset, describe_asset, ingest_asset, take_upload
from pim.actions.attaching import attach_assets, put_in_family
from pim.actions.files_named import FilesNamed
from pim.actions.import_addresses import address_code
from pim.actions.imports import ImportOptions, import_catalog
from pim.actions.naming_assets import AssetWish, name_asset
from pim.actions.roles import save_role
from pim.actions.upserts import upsert_structure
from pim.content.refusals import UnknownCode
from pim.content.rights import EVERYTHING, NotAllowed
from pim.models import (
    Asset,
    AssetFamily,
    Attribute,
    Change,
    JobLine,
    Product,
    ReferenceEntity,
    ReferenceRecord,
    Upload,
)
from pim.outbound import Answer
from pim.queries.asset_media import find_medium, media_code
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.rest import RestClient
from tests.factories.rights import grants, limited

pytestmark = pytest.mark.django_db
INSIDE = {"category": {"outdoor": "none"}}
TOVE = limited(**INSIDE)
HOW = {"actor": TOVE, "at": NOW}
URL = "https://pictures.example/porch.png"


def picture(shade: int) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 9, 9)).save(out, "PNG")
    return SimpleUploadedFile(f"p{shade}.png", out.getvalue(), "image/png")


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.ASSET_ROOT, settings.MEDIA_ROOT = tmp_path / "assets", tmp_path / "media"
    lamp_catalogue()
    for shade, code in enumerate(("seen", "secret", "free")):
        how = {"filename": f"p{shade}.png", "code": code, "alt": {"en": code}}
        ingest_asset(picture(shade), **how, actor=ANNA, at=NOW)
    write(
        wish("IN", family="lamp", categories=["indoor"], at={"photo||": ["seen"]}),
        wish("OUT", family="lamp", categories=["outdoor"], at={"photo||": ["secret"]}),
        wish("NEW", family="lamp", categories=["indoor"]),
    )


def secret() -> Asset:
    return Asset.objects.get(code="secret")


def state() -> tuple:
    """What nobody may change who does not see it."""
    rows = Asset.objects.order_by("code").values("code", "sha256", "alt", "row_version", "family")
    return list(rows), Change.objects.count()


def photo(identifier: str):
    pk = Product.objects.get(identifier=identifier).pk
    return read_drafts([pk])[pk].values.get("", {}).get("photo", {}).get("")


def refusals(*wishes, actor=TOVE) -> list[tuple]:
    found = write(*wishes, actor=actor)
    return [(r.code, r.params["name"]) for result in found for r in result.refusals]


def test_a_hidden_medium_is_named_by_nobody():
    given = [wish("NEW", at={"photo||": [code]}) for code in ("secret", "nothing")]
    assert [refusals(one) for one in given] == [
        [("unknown_asset", "secret")],
        [("unknown_asset", "nothing")],
    ]
    assert (photo("NEW"), refusals(wish("NEW", at={"photo||": ["free"]}))) == (None, [])


def test_what_a_product_holds_is_sent_back_and_shared():
    assert refusals(wish("IN", at={"photo||": ["seen"]})) == []
    write(wish("OUT", at={"photo||": ["seen"]}))
    assert refusals(wish("NEW", at={"photo||": ["seen"]})) == []


def test_an_equal_file_is_an_asset_of_ones_own():
    before = state()
    mine = ingest_asset(picture(1), filename="p1.png", **HOW)
    assert (mine.code != "secret", mine.alt) == (True, {})
    assert ingest_asset(picture(1), filename="p1.png", **HOW) == mine
    assert ingest_asset(picture(1), filename="p1.png", actor=ANNA, at=NOW) == secret()
    assert [row for row in state()[0] if row["code"] != mine.code] == before[0]


def test_an_equal_file_of_the_same_name_has_another_code():
    ingest_asset(picture(7), filename="hall.png", actor=ANNA, at=NOW)
    hidden = Asset.objects.latest("id")
    write(wish("OUT", at={"photo||": [hidden.code]}))
    mine = ingest_asset(picture(7), filename="hall.png", **HOW)
    assert mine.pk != hidden.pk
    digest = mine.original_sha256
    assert (hidden.code, mine.code) == (f"hall-{digest[:10]}", f"hall-{digest[10:20]}")


@pytest.mark.parametrize("shade", [1, 9])
def test_a_hidden_code_is_given_to_no_other_file(shade):
    before = state()
    with pytest.raises(NotAllowed):
        ingest_asset(picture(shade), filename="x.png", code="secret", **HOW)
    upload = take_upload(picture(shade), filename="x.png", **HOW)
    with pytest.raises(NotAllowed):
        name_asset(AssetWish("secret", media=upload), **HOW)
    assert state() == before


def test_a_file_sent_before_is_not_the_hidden_one():
    code = media_code(secret().original_sha256, "p1.png")
    assert find_medium(code, rights=TOVE.rights) is None
    assert find_medium("secret", rights=TOVE.rights) is None
    assert take_upload(picture(1), filename="p1.png", **HOW) == code
    assert find_medium(code, rights=TOVE.rights) == (Upload.objects.get(), "p1.png")
    assert find_medium(code, rights=EVERYTHING)[0] == secret()


def test_media_are_written_by_who_may_edit_what_uses_them():
    before = state()
    looking = limited(category={"outdoor": "view"})
    for actor in (TOVE, looking):
        how = {"actor": actor, "at": NOW}
        with pytest.raises(NotAllowed):
            describe_asset(secret(), alt={"en": "Mine"}, **how)
        with pytest.raises(NotAllowed):
            fill_asset(secret(), {"scene": {"": "hall"}}, **how)
        with pytest.raises(NotAllowed):
            delete_asset(secret(), **how)
    assert state() == before
    seen, free = Asset.objects.get(code="seen"), Asset.objects.get(code="free")
    assert describe_asset(seen, alt={"en": "Mine"}, **HOW).alt == {"en": "Mine"}
    assert describe_asset(free, alt={"en": "Mine"}, **HOW).alt == {"en": "Mine"}


def test_a_family_takes_in_what_may_be_edited():
    before, family = state(), AssetFamily.objects.create(code="shots", licence="House")
    looking = limited(category={"*": "view"})
    for asset in Asset.objects.filter(code__in=["seen", "secret"]):
        for home in (family, None):
            with pytest.raises(NotAllowed):
                put_in_family(asset, home, actor=looking, at=NOW)
    attach_assets(list(Asset.objects.all()), family=family, actor=looking, at=NOW)
    assert [row.code for row in family.assets.all()] == ["free"]
    assert [row for row in state()[0] if row["code"] != "free"] == before[0][1:]


def test_a_picture_of_a_category_or_of_a_record_is_one_that_is_seen():
    ReferenceEntity.objects.update(fields=[{"code": "logo", "kind": "media"}])
    forget_structure()
    for code, outcome in (("secret", "refused"), ("seen", "changed")):
        record = {"entity": "maker", "code": "aino", "values": {"logo": {"": code}}}
        (named,) = upsert_structure("reference_records", [record], **HOW)
        (given,) = upsert_structure("categories", [{"code": "indoor", "image": code}], **HOW)
        entity = {"code": "maker", "image": code}
        (shown,) = upsert_structure("reference_entities", [entity], **HOW)
        assert (named.outcome, given.outcome, shown.outcome) == (outcome,) * 3
    assert ReferenceRecord.objects.get().values == {"logo": {"": "seen"}}


def test_a_naming_rule_attaches_to_products_that_are_seen():
    family = AssetFamily.objects.create(
        code="shots", pattern="{identifier}", attribute=Attribute.objects.get(code="photo")
    )
    Asset.objects.filter(code="free").update(filename="OUT.png")
    (attached,) = attach_assets([Asset.objects.get(code="free")], family=family, **HOW)
    (unknown,) = attach_assets([Asset(code="x", filename="NONE.png")], family=family, **HOW)
    assert attached.outcome == unknown.outcome == "refused"
    assert photo("OUT") == ["secret"]


def load(tmp_path, cell: str, **options):
    folder = tmp_path / "in"
    folder.mkdir(exist_ok=True)
    (folder / "p1.png").write_bytes(picture(1).read())
    (folder / "products.csv").write_text(f"sku;photo\nNEW;{cell}\n", encoding="utf-8")
    run = import_catalog(folder, actor=TOVE, at=NOW, options=ImportOptions(**options))
    return list(JobLine.objects.filter(job=run).values_list("code", flat=True))


@pytest.mark.parametrize("dry", [True, False])
def test_an_import_neither_names_nor_gets_hidden_media(tmp_path, dry):
    assert load(tmp_path, "secret") == load(tmp_path, "nothing") == ["media_missing"]
    assert load(tmp_path, "p1.png", dry_run=dry) == []
    (code,) = photo("NEW") or [""]
    assert (code != "secret", bool(code)) == (True, not dry)


@pytest.mark.parametrize("dry", [True, False])
def test_an_address_of_a_hidden_medium_is_fetched_anew(tmp_path, monkeypatch, dry):
    Asset.objects.filter(code="secret").update(code=address_code(URL))
    write(wish("OUT", at={"photo||": [address_code(URL)]}))
    monkeypatch.setattr(
        import_addresses, "fetch", lambda url, **_limits: Answer(200, {}, picture(1).file, url)
    )
    assert load(tmp_path, URL, dry_run=dry) == []
    (code,) = photo("NEW") or [""]
    assert (code != address_code(URL), bool(code)) == (True, not dry)


def person() -> Client:
    names = [f"pim.{verb}_asset" for verb in ("view", "add", "change", "delete")]
    names += ["pim.view_assetfamily", "pim.view_change", "pim.view_product"]
    user = User.objects.create_user("tove", password="secret-enough", is_staff=True)
    save_role("in", grants=grants(**INSIDE), permissions=names, users=[user], actor=ANNA, at=NOW)
    browser = Client()
    browser.force_login(user)
    return browser


def test_at_the_desk_a_hidden_medium_is_not_there():
    browser, pk, seen = person(), secret().pk, Asset.objects.get(code="seen").pk
    pages = ("change", "delete", "thumb", "file", "history")
    gone, there = (
        [browser.get(reverse(f"admin:pim_asset_{page}", args=[row])).status_code for page in pages]
        for row in (pk, seen)
    )
    assert (gone, there) == ([302, 302, 404, 404, 302], [200] * 5)
    words = {"pim_asset_changelist": ("p1.png", "p0.png"), "pim_asset_pick": ("secret", "seen"),
             "pim_change_changelist": ("asset:secret", "asset:seen")}  # fmt: skip
    for name, (closed, shown) in words.items():
        text = browser.get(reverse(f"admin:{name}")).content.decode()
        assert (name, closed in text, shown in text) == (name, False, True)
    held = browser.get(reverse("admin:pim_asset_changelist")).context["cl"].result_count
    assert (held, browser.get(reverse("admin:index")).context["content"]["assets"]) == (2, 2)


def test_the_page_and_who_deletes_are_told_what_uses_a_medium():
    write(wish("OUT", at={"photo||": ["seen"]}))
    seen = Asset.objects.get(code="seen")
    browser, boss = person(), Client()
    boss.force_login(User.objects.create_superuser("boss", password="secret-enough"))
    for page in ("change", "delete"):
        address = reverse(f"admin:pim_asset_{page}", args=[seen.pk])
        limited_text, whole = (c.get(address).content.decode() for c in (browser, boss))
        assert (">IN</a>" in limited_text, ">OUT</a>" in limited_text) == (True, False)
        assert (">IN</a>" in whole, ">OUT</a>" in whole) == (True, True)
    page = boss.get(reverse("admin:pim_asset_changelist"), {"use": "unused"}).context["cl"]
    assert [asset.code for asset in page.result_list] == ["free", "secret"]


def test_a_family_counts_and_shows_the_media_that_are_seen():
    family = AssetFamily.objects.create(
        code="shots", pattern="{identifier}", attribute=Attribute.objects.get(code="photo")
    )
    Asset.objects.update(family=family)
    browser = person()
    (row,) = browser.get(reverse("admin:pim_assetfamily_changelist")).context["cl"].result_list
    assert row.held == 2
    page = browser.get(reverse("admin:pim_assetfamily_change", args=[family.pk])).content.decode()
    assert ("p1.png" in page, "p0.png" in page) == (False, True)


def machine() -> RestClient:
    names = [f"{verb}_asset" for verb in ("view", "add", "change", "delete")]
    client = RestClient(rights=[*names, "view_product", "change_product"])
    users = [client.connection.user]
    save_role("in", grants=grants(**INSIDE), users=users, actor=ANNA, at=NOW)
    return client


def test_machines_are_answered_as_if_it_were_not_there():
    client, before = machine(), state()
    file = media_code(secret().original_sha256, "p1.png")
    for name in ("secret", "secret.png"):
        for path in (f"/media-files/{name}", f"/media-files/{name}/download"):
            assert client.get(path).status_code == 404
    assert client.get(f"/asset-media-files/{file}").status_code == 404
    assert client.get("/asset-families/assets/assets/secret").status_code == 404
    assert client.delete("/asset-families/assets/assets/secret").status_code == 404
    wished = {"values": {"label": [{"locale": "en_US", "channel": None, "data": "Mine"}]}}
    answer = client.patch("/asset-families/assets/assets/secret", wished)
    assert answer.status_code == 403
    for path in ("/media-files", "/asset-families/assets/assets"):
        items = client.get(path).json()["_embedded"]["items"]
        assert sorted(item["code"].removesuffix(".png") for item in items) == ["free", "seen"]
    assert client.get("/media-files/seen/download").status_code == 200
    given = {"values": {"photo": [{"locale": None, "scope": None, "data": "secret.png"}]}}
    assert client.patch("/products/NEW", given).status_code == 422
    assert "secret.png" in client.patch("/products/NEW", given).content.decode()
    assert state() == before


def test_records_name_no_hidden_media():
    files = FilesNamed(["secret"], rights=TOVE.rights)
    with pytest.raises(UnknownCode):
        files.medium("secret", place="image")
