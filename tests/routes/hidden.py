"""Hidden things with codes that stand nowhere else, and people from whom they are hidden.

Each code in HIDDEN names one thing of its kind. The grants of every role hide all of them.
"""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from pim.actions.assets import log_asset
from pim.actions.publishing import publish_products
from pim.actions.quality.follow import follow_quality
from pim.actions.structure import record_structure_change
from pim.content.rights import AREAS
from pim.models import (
    Asset,
    AssetFamily,
    Attribute,
    AttributeGroup,
    AttributeOption,
    Audience,
    Category,
    Channel,
    Comment,
    Currency,
    ExportProfile,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    ImportProfile,
    Locale,
    PriceFact,
    PriceList,
    Product,
    QualityRule,
    Requirement,
    Review,
    Task,
)
from pim.queries.structure import forget_structure
from syndication.actions.listings import upkeep
from syndication.models import Edition, Output
from tests.factories.catalogue import wish, write

from .stage import BOSS, NOW, ROLES, set_stage

GROUP, TEXT, CHOICE, OPTION = "zqgroup", "zqtext", "zqchoice", "zqoption"
CHANNEL, LOCALE, BRANCH, OUTPUT = "zqchannel", "yo-NG", "zqbranch", "zqoutput"
MODEL, ITEM, PRICES, MEDIUM = "zqmodel", "zqitem", "zqprices", "zqmedium"
HIDDEN = (GROUP, TEXT, CHOICE, OPTION, CHANNEL, LOCALE, BRANCH, OUTPUT, MODEL, ITEM, PRICES,
          MEDIUM)  # fmt: skip
# Of the same things as clients of the PIM API and people write them.
ALSO = ("yo_NG", "Yoruba")
_HIDES = {
    "group": GROUP,
    "channel": CHANNEL,
    "locale": LOCALE,
    "category": BRANCH,
    "output": OUTPUT,
}
# Somebody to whom all pages are open that pages of limited people can be, and who owns the rest.
KEEPER = ({area: {"*": "publish"} for area in AREAS}, r"pim\..*|syndication\..*")


def hiding(document: dict) -> dict:
    """Return grants that also hide the things of HIDDEN."""
    return {area: {**document[area], _HIDES[area]: "none"} for area in AREAS}


def limited_roles() -> dict[str, tuple[dict, str]]:
    """Return {role: (grants, permissions)} of the stage's roles and the keeper, all hiding."""
    roles = {**ROLES, "keeper": KEEPER}
    return {name: (hiding(document), pattern) for name, (document, pattern) in roles.items()}


def set_hidden_stage() -> None:
    """Store the stage and, woven into everything on it, the hidden things."""
    set_stage()
    _structure()
    forget_structure()
    _products()
    _outputs()
    forget_structure()


def _structure() -> None:
    root = Category.objects.get(code="master")
    branch = Category.objects.create(code=BRANCH, parent=root)
    branch.path = f"{root.path}{branch.pk}/"
    branch.save()
    Locale.objects.create(code=LOCALE)
    Locale.objects.filter(code="fi").update(fallback=Locale.objects.get(code="sv"))
    web = Channel.objects.get(code="web")
    web.locales.add(Locale.objects.get(code=LOCALE))
    channel = Channel.objects.create(code=CHANNEL, category_tree=root)
    channel.locales.set(Locale.objects.filter(code__in=["en", LOCALE]))
    channel.audiences.set(Audience.objects.all())
    prices = PriceList.objects.create(code=PRICES, currency=Currency.objects.get(code="EUR"))
    channel.price_lists.set([prices])
    group = AttributeGroup.objects.create(code=GROUP)
    text = Attribute.objects.create(
        code=TEXT, kind="text", group=group, filterable=True, unique=True
    )
    choice = Attribute.objects.create(code=CHOICE, kind="select", group=group, filterable=True)
    AttributeOption.objects.create(attribute=choice, code=OPTION)
    lamp = Family.objects.get(code="lamp")
    Family.objects.create(code="shade", label_attribute=text)
    for attribute in (text, choice):
        FamilyAttribute.objects.create(family=lamp, attribute=attribute, sort_order=90)
        Requirement.objects.create(family=lamp, channel=web, attribute=attribute)
    name = Attribute.objects.get(code="name")
    Requirement.objects.create(family=lamp, channel=channel, attribute=name)
    FamilyVariantAttribute.objects.create(
        family_variant=FamilyVariant.objects.get(code="lamp_color"),
        attribute=choice,
        level=1,
        axis=True,
    )
    kinds = {"attribute": TEXT, "attribute_group": GROUP, "channel": CHANNEL, "category": BRANCH,
             "locale": LOCALE, "option": f"{CHOICE}/{OPTION}", "price_list": PRICES}  # fmt: skip
    for kind, code in kinds.items():
        record_structure_change(kind, [code], actor=BOSS, at=NOW)
    detail = {"lamp": {"attributes": [[], [TEXT]], f"requirements-{CHANNEL}": [[], ["name"]]}}
    record_structure_change("family", ["lamp"], actor=BOSS, at=NOW, detail=detail)
    photos = AssetFamily.objects.create(code="photos", attribute=text, pattern="{identifier}")
    for code in (MEDIUM, "lamp"):
        asset = Asset.objects.create(
            code=code, filename=f"{code}.png", kind="image", media_type="image/png", size=1,
            sha256=code, original_sha256=code, family=photos, alt={"en": f"Seen on {code}"},
        )  # fmt: skip
        log_asset(asset, "describe", {}, {"alt": asset.alt}, actor=BOSS, at=NOW)
    QualityRule.objects.create(
        code="long", kind="length", attributes=[TEXT], channels=[CHANNEL], params={"min": 500}
    )
    ExportProfile.objects.create(
        code="all",
        name="All",
        settings={"columns": [TEXT], "channel": CHANNEL, "locales": [LOCALE]},
        selection={"search": {"categories": [{"operator": "IN", "value": [BRANCH]}]}},
    )
    ImportProfile.objects.create(
        code="all", name="All", header=["sku", TEXT], mapping={"columns": {TEXT: TEXT}}
    )


def _products() -> None:
    write(
        wish(MODEL, family="lamp", family_variant="lamp_color", role="model",
             categories=[BRANCH], at={"name||en": "Hall"}),
        wish(ITEM, family="lamp", categories=[BRANCH],
             at={"name||en": "Porch", "photo||": [MEDIUM]}),
        actor=BOSS,
    )  # fmt: skip
    write(
        wish("V1", parent=MODEL, categories=["indoor"],
             at={"color||": "red", f"{CHOICE}||": OPTION}),
        wish(
            "L1",
            categories=["indoor", BRANCH],
            at={f"{TEXT}||": "Shown to few", "spare||": [ITEM], f"name||{LOCALE}": "Atupa",
                f"{CHOICE}||": OPTION, f"story|{CHANNEL}|en": "<p>Told to few</p>"},
            associations={"goes_with": {"products": [(ITEM, None)]},
                          "set": {"products": [(ITEM, 2)]}},
        ),
        actor=BOSS,
    )  # fmt: skip
    ids = dict(Product.objects.values_list("identifier", "pk"))
    publish_products(list(ids.values()), actor=BOSS, at=NOW)
    write(wish("L1", at={f"{TEXT}||": "Shown to fewer"}), actor=BOSS)
    write(wish("V1", at={"name||en": "Red hall"}), actor=BOSS)
    user = User.objects.create_user("bert")
    lamp = Product.objects.get(identifier="L1")
    slices = [[GROUP, ""], ["texts", LOCALE], ["texts", "en"]]
    Review.objects.create(product=lamp, slices=slices, asked_by=user, asked_at=NOW)
    Review.objects.create(product_id=ids[ITEM], slices=slices, asked_by=user, asked_at=NOW)
    Comment.objects.create(product=lamp, key=f"{TEXT}||", author=user, text="Why?", at=NOW)
    Comment.objects.create(product=lamp, author=user, text="Good.", at=NOW)
    for pk in (lamp.pk, ids[ITEM]):
        Task.objects.create(title="Write", product_id=pk, locale=LOCALE, created_at=NOW)
    price_list = PriceList.objects.get(code=PRICES)
    PriceFact.objects.create(product=lamp, price_list=price_list, amount=5, valid_from=NOW)
    follow_quality(at=NOW)


def _outputs() -> None:
    output = Output.objects.create(
        code=OUTPUT, name=OUTPUT, kind="web_json", channel="print", locales=["en"]
    )
    Edition.objects.create(
        output=output, number=1, locale="en", trigger_key="manual:1", state="blocked",
        settings={"kind": "web_json"}, created_at=NOW,
    )  # fmt: skip
    upkeep(at=timezone.now() + timedelta(minutes=1))
