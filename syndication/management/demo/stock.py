"""What the demonstration needs before anything runs: database, files, catalogue, log-in, key."""

import json
import os
import re
import secrets
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from pim.published import all_product_ids
from syndication.actions.api_keys import check_key, create_key
from syndication.actions.brands import create_brand
from syndication.actions.editions import issue_edition
from syndication.actions.listings import upkeep
from syndication.models import FINAL, Brand, Edition, Output
from syndication.registry import targets

from .brands import BRANDS
from .outputs import OUTPUTS

CATALOGUE = settings.BASE_DIR / "pim" / "demo" / "catalogue"
TIME_ZONE = "Europe/Helsinki"
USER = "admin"
RESTING = FINAL | {"blocked"}


@dataclass
class Login:
    """What is printed: the password is "" where somebody chose another one."""

    user: str
    password: str
    key: str
    connection: dict[str, str]
    people: dict[str, str]


def prepare_database() -> None:
    """Bring the tables up to date."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)


def load_catalogue(*, say) -> None:
    """Import and publish the demo catalogue, once in the life of a database.

    The mark is set when all of it is there: an interrupted run is simply done again.
    """
    mark = settings.DATA_DIR / "demo-loaded"
    if mark.exists() and next(iter(all_product_ids(limit=1)), None):
        return
    say("Importing and publishing the demo catalogue …")
    logs = settings.DATA_DIR / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with open(logs / "import.log", "w", encoding="utf-8") as log:
        call_command(
            "import_catalog", str(CATALOGUE), publish=True, quiet=True, reason="demo", stdout=log
        )
        call_command("rules", load=str(CATALOGUE.parent / "rules.json"), stdout=log)
    mark.touch()


def make_brands() -> None:
    """Make the brands of the demonstration, once: one that is deleted stays deleted."""
    mark = settings.DATA_DIR / "demo-brands"
    if mark.exists():
        return
    for code, (name, document) in BRANDS.items():
        if not Brand.objects.filter(code=code).exists():
            create_brand(code, name=name, document=document, actor="demo", at=timezone.now())
    mark.touch()


def make_outputs() -> list[Output]:
    """Make the outputs of the demonstration that are not there yet; return the new ones."""
    known = set(targets())
    mark, made = settings.DATA_DIR / "demo-outputs", []
    done = set(mark.read_text().split()) if mark.exists() else set()
    for row in OUTPUTS:
        # An output that somebody deleted stays deleted.
        if row["code"] in done or row["kind"] not in known:
            continue
        defaults = {k: v for k, v in row.items() if k not in ("code", "delivered_to")}
        if brand := defaults.pop("brand", None):
            defaults["brand"] = Brand.objects.filter(code=brand).first()
        output, new = Output.objects.get_or_create(
            code=row["code"], defaults=defaults | {"time_zone": TIME_ZONE}
        )
        if new and (folder := row.get("delivered_to")):
            output.deliveries.create(url=f"file://{settings.DELIVERY_ROOTS[0]}/{folder}")
        done.add(row["code"])
        made += [output] if new else []
    mark.write_text("\n".join(sorted(done)) + "\n")
    return made


def issue_new(*, say) -> list[int]:
    """Issue every demo output that never was; return the ids of editions still to end."""
    now = timezone.now()
    codes = [row["code"] for row in OUTPUTS]
    never = Output.objects.filter(code__in=codes, enabled=True, editions=None)
    if never:
        say("Building the listings …")
        upkeep(at=now)
    for output in never:
        issue_edition(output, actor="demo", at=now)
    waiting = Edition.objects.filter(output__code__in=codes, created_by="demo")
    waiting = waiting.exclude(state__in=RESTING)
    return list(waiting.order_by("id").values_list("id", flat=True))


def make_login() -> Login:
    """Make the administrator and the API key of this installation, or read them back."""
    password = _secret("demo-password", lambda: secrets.token_urlsafe(9))
    users = get_user_model().objects
    user = users.filter(username=USER).first()
    if user is None:
        user = users.create_superuser(USER, "admin@example.com", password)
    known = user.check_password(password)
    people = _people()
    return Login(USER, password if known else "", _api_key(), _connection(), people)


def fill_desks() -> None:
    """Give the people of the demonstration something to do, once: what is done stays done."""
    mark = settings.DATA_DIR / "demo-desks"
    if not mark.exists():
        call_command("demo_desk", str(CATALOGUE.parent / "desk.json"))
        mark.touch()


def _people() -> dict[str, str]:
    """Return {user: password} of the people of the demo roles, made at first."""
    return json.loads(_secret("demo-people", _new_people))


def _new_people() -> str:
    text = StringIO()
    call_command("roles", str(CATALOGUE.parent / "roles.json"), stdout=text)
    return json.dumps(dict(row.split() for row in text.getvalue().splitlines()))


def _api_key() -> str:
    place = settings.DATA_DIR / "demo-key"
    text = place.read_text().strip() if place.exists() else ""
    if text and check_key(text, at=timezone.now()):
        return text
    place.unlink(missing_ok=True)
    audiences = ["consumer", "technician", "reseller"]
    return _secret(
        "demo-key", lambda: create_key("Demo key", audiences=audiences, may_issue=True)[1]
    )


def _connection() -> dict[str, str]:
    """Return the credentials of the demo connection {"client id", "secret", …}, made at first."""
    return json.loads(_secret("demo-connection", _new_connection))


def _new_connection() -> str:
    text = StringIO()
    try:
        call_command("connection", "create", "demo", label="Demo shop", user="shop", stdout=text)
    except CommandError:
        # It is there, and its credentials were lost with the file.
        call_command("connection", "rotate", "demo", stdout=text)
    return json.dumps(dict(re.split(r"\s{2,}", row) for row in text.getvalue().splitlines()))


def _secret(name: str, make) -> str:
    """Return the secret kept in a file that only its owner can read; make it at first."""
    place: Path = settings.DATA_DIR / name
    if place.exists():
        return place.read_text().strip()
    text = make()
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
    return text
