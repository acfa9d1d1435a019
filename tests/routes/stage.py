"""The stage for the table of routes: people of every role, one of everything, planted secrets."""

import re
from datetime import UTC, datetime

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from pim.actions.connections import create_connection
from pim.actions.requests import forget_requests
from pim.actions.roles import save_role
from pim.actions.tokens import give_tokens
from pim.content.actor import Actor
from pim.models import Asset, AssetFamily, Job, Product
from syndication.actions.brands import create_brand
from syndication.models import Edition, Output
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.rights import grants

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
BOSS = Actor("boss", "command")

# {role: (grants, permissions as patterns)}; the boss is a superuser, a stranger is nobody.
ROLES = {
    "manager": (
        grants(output={"*": "view", "plain": "publish"}),
        r"pim\..*_(product|asset|category|pricefact|availabilityfact|job)|pim\.view_.*"
        r"|syndication\.(view_.*|change_output)",
    ),
    "translator": (
        grants(
            group={"*": "edit", "data": "none", "@structure": "view"},
            locale={"*": "none", "": "view", "en": "view", "fi": "edit"},
            channel="edit",
            category="edit",
            output="none",
        ),
        r"pim\.(view|change)_(product|asset)|pim\.view_(category|change)",
    ),
    "printer": (
        grants(
            group={"*": "view", "texts": "publish"},
            channel={"web": "none"},
            output={"*": "none", "plain": "publish"},
        ),
        r"pim\.(view|change|publish)_product|pim\.view_(asset|category|change)"
        r"|syndication\.(view_.*|change_output)",
    ),
    "connection": (
        grants(
            group={"*": "edit", "@structure": "own"},
            locale="edit",
            channel="edit",
            category={"*": "own", "outdoor": "none"},
            output="none",
        ),
        r"pim\.view_.*|pim\.(add|change)_product",
    ),
    "viewer": (
        grants(
            group={"*": "view", "data": "none"},
            locale="view",
            channel="view",
            category="view",
            output="none",
        ),
        r"pim\.view_(product|asset|category|change)",
    ),
}
PEOPLE = ("boss", *ROLES, "stranger")
# {planted text: the roles that must never meet it, in drafts and everything made of them}
SECRETS = {
    "SECRETDATA": {"translator", "viewer", "stranger"},
    "SECRETSWEDISH": {"translator", "stranger"},
    "SECRETWEB": {"printer", "stranger"},
    "SECRETPRODUCT": {"connection", "stranger"},
    "SECRETMEDIUM": {"connection", "stranger"},
}


def set_stage() -> None:
    """Store the catalogue, one of everything that routes name, and the people."""
    lamp_catalogue()
    Asset.objects.create(
        code="porch",
        filename="SECRETMEDIUM.png",
        kind="image",
        media_type="image/png",
        size=1,
        sha256="5" * 64,
        original_sha256="5" * 64,
        family=AssetFamily.objects.create(code="shots"),
    )
    write(
        wish(
            "L1",
            family="lamp",
            categories=["indoor"],
            at={
                "name||en": "Lamp",
                "name||fi": "Lamppu",
                "name||sv-FI": "SECRETSWEDISH",
                "ean||": "SECRETDATA",
                "story|web|en": "<p>SECRETWEB</p>",
            },
        ),
        wish(
            "SECRETPRODUCT",
            family="lamp",
            categories=["outdoor"],
            at={"name||en": "Porch", "photo||": ["porch"]},
        ),
        actor=BOSS,
    )
    ties = {"cross_sell": {"products": [("SECRETPRODUCT", None)]}}
    write(wish("L1", associations=ties, at={"spare||": ["SECRETPRODUCT"]}), actor=BOSS)
    Job.objects.create(kind="import", title="lamps.csv", params={})
    output = Output.objects.create(
        code="plain", name="Plain", kind="web_json", channel="print", locales=["en"]
    )
    output.deliveries.create(url="file:///nowhere")
    create_brand("house", name="House", actor="boss", at=NOW)
    Edition.objects.create(
        output=output,
        number=1,
        locale="en",
        trigger_key="manual:1",
        state="blocked",
        settings={"kind": "web_json"},
        created_at=NOW,
    )


def people(roles: dict = ROLES) -> dict[str, Client]:
    """Return {role: a browser in which somebody of that role is signed in}."""
    boss = User.objects.create_superuser("boss", password="secret-enough")
    users = {"boss": boss}
    rows = Permission.objects.values_list("content_type__app_label", "codename")
    names = [f"{app}.{name}" for app, name in rows]
    for code, (document, pattern) in roles.items():
        users[code] = User.objects.create_user(code, password="secret-enough", is_staff=True)
        held = [name for name in names if re.fullmatch(pattern, name)]
        save_role(code, grants=document, permissions=held, users=[users[code]], actor=BOSS, at=NOW)
    clients = {"stranger": Client()}
    for code, user in users.items():
        clients[code] = Client()
        clients[code].force_login(user)
    return clients


def machines(roles: dict = ROLES) -> dict[str, Client]:
    """Return {role: a client of the PIM REST API that acts as somebody of that role}."""
    forget_requests()
    found = {"stranger": Client()}
    for code in ("boss", *roles):
        made, _secret = create_connection(
            f"c_{code}", user=User.objects.get(username=code), actor=BOSS, at=NOW
        )
        token = give_tokens(made, at=timezone.now()).access
        found[code] = Client(headers={"Authorization": f"Bearer {token}"})
    return found


def routes() -> list[str]:
    """Return every route of the project once, in its own notation."""
    found = dict.fromkeys(_walk(get_resolver().url_patterns, ""))
    return [route for route in found if not (route.endswith("/") and route[:-1] in found)]


def _walk(patterns, prefix: str):
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield here


def address_of(route: str) -> str:
    """Return an address of the route, about something of the stage where there is one."""
    model = re.match(r"admin/(pim|auth|syndication)/(\w+)/", route)
    if route.startswith("api/v1/jobs/"):
        row = _row("pim", "job")
    else:
        row = _row(*model.groups()) if model else "1"
    route = route.replace("<int:delivery>", _row("syndication", "delivery"))
    for pattern, text in _PARTS:
        route = re.sub(pattern, text.replace("{row}", row), route)
    return "/" + route.replace("\\", "")


_PARTS = (
    (r"<path:object_id>|<int:pk>|<id>", "{row}"),
    (r"\^\(\?P<app_label>[^)]*\)/\$", "pim/"),
    (r"\(\?P<url>\.\*\)\$", "nowhere"),
    (r"\(\?P<gtin>[^)]*\)/\?\(\?P<rest>\.\*\)\$", "06408430000112"),
    (r"\(\?P<locale>[^)]*\)/\(\?P<slug>[^)]*\)/\?\$", "en/lamp"),
    (r"\(\?P<locale>[^)]*\)/\?\$", "en"),
    (r"\^api/rest/v1/\.\*\$", "api/rest/v1/nowhere"),
    (r"/\?\$", ""),
    (r"\^", ""),
    (r"<str:channel>", "web"),
    (r"<str:locale>", "en"),
    (r"<(str|path):identifier>", "L1"),
    (r"<int:(number|page|comment)>", "1"),
    (r"<str:size>", "small"),
    (r"<str:output>", "plain"),
    (r"media-files/<path:code>", "media-files/porch"),
    (r"asset-families/<str:(code|owner)>", "asset-families/shots"),
    (r"assets/<str:code>", "assets/porch"),
    (r"attributes/<str:(code|owner)>", "attributes/ean"),
    (r"attribute-groups/<str:code>", "attribute-groups/data"),
    (r"families/<str:(code|owner)>", "families/lamp"),
    (r"variants/<str:code>", "variants/lamp_color"),
    (r"categories/<str:code>", "categories/outdoor"),
    (r"channels/<str:code>", "channels/web"),
    (r"locales/<str:code>", "locales/sv_FI"),
    (r"currencies/<str:code>", "currencies/EUR"),
    (r"association-types/<str:code>", "association-types/cross_sell"),
    (r"measure-families/<str:code>", "measure-families/Weight"),
    (r"product-models/<path:code>", "product-models/none"),
    (r"products/<path:code>", "products/L1"),
    (r"<sha256:sha256>", "0" * 64),
    (r"<form:form>", "svg"),
    (r"<slug:code>", "house"),
    (r"<uuid:name>", "00000000-0000-4000-8000-000000000000"),
    (r"<[^>]*>", "none"),
)


def _row(app: str, model: str) -> str:
    from django.apps import apps

    row = apps.get_model(app, model).objects.order_by("pk").first()
    if model == "product":
        row = Product.objects.get(identifier="L1")
    return str(row.pk) if row else "0"
