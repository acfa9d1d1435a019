"""demo_desk: the work on the desks of the demonstration, and the quality of the days before."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from pim.actions.catalogs import create_catalog
from pim.actions.exports import save_profile as save_export
from pim.actions.import_profiles import save_profile as save_import
from pim.actions.products import ProductWrite, write_products
from pim.actions.quality import follow_quality, keep_day
from pim.actions.workflow.comments import comment
from pim.actions.workflow.reviews import ask_review
from pim.actions.workflow.tasks import add_task
from pim.content.actor import Actor
from pim.content.address import Address
from pim.content.refusals import Refused
from pim.models import Connection, ExportProfile, ImportProfile, Product, QualityDay
from pim.queries.rights import rights_of


class Command(BaseCommand):
    help = "Make the drafts, reviews, tasks, profiles … of a JSON file, all of them or none."

    def add_arguments(self, parser):
        parser.add_argument("path", help="{drafts, reviews, tasks, comments, exports, imports, …}")

    def handle(self, *, path, **_):
        at = timezone.now()
        try:
            work = json.loads(Path(path).read_text(encoding="utf-8"))
            with transaction.atomic():
                _drafts(work.get("drafts", []), at=at)
                _reviews(work.get("reviews", []), at=at)
                _tasks(work.get("tasks", []), at=at)
                _comments(work.get("comments", []), at=at)
                _exports(work.get("exports", {}), at=at)
                _imports(work.get("imports", {}), at=at)
                _quality(**work.get("quality", {"days": 0, "gain": 0}), at=at)
                _catalogs(work.get("catalogs", []), at=at)
        except (OSError, ValueError, Refused) as fault:
            raise CommandError(f"{path}: {fault}") from fault


def _drafts(rows: list[dict], *, at: datetime) -> None:
    """Write values that nobody has published yet, as the people who wrote them."""
    for row in rows:
        user = _user(row["by"])
        values = {Address(*key.split("|")): raw for key, raw in row["values"].items()}
        wish = ProductWrite(_product(row["product"]).identifier, values=values)
        (result,) = write_products(
            [wish], actor=Actor(user.username, "demo", rights_of(user)), at=at
        )
        if result.refusals:
            raise result.refusals[0]


def _reviews(rows: list[dict], *, at: datetime) -> None:
    for row in rows:
        who = {"user": _user(row["by"]), "reviewer": _user(row["reviewer"])}
        ask_review(_product(row["product"]), row["slices"], at=at, note=row.get("note", ""), **who)


def _tasks(rows: list[dict], *, at: datetime) -> None:
    for row in rows:
        add_task(
            row["title"],
            user=_user(row["by"]),
            at=at,
            assignee=_user(row["assignee"]),
            product=_product(row["product"]),
            due_on=at.date() + timedelta(days=row["days"]),
            locale=row.get("locale", ""),
            note=row.get("note", ""),
        )


def _comments(rows: list[dict], *, at: datetime) -> None:
    for row in rows:
        product, user = _product(row["product"]), _user(row["by"])
        comment(product, row["text"], user=user, at=at, key=row.get("key", ""))


def _exports(rows: dict[str, dict], *, at: datetime) -> None:
    held = set(ExportProfile.objects.values_list("code", flat=True))
    for code, fields in rows.items():
        if code not in held:
            save_export(code, fields, actor=Actor("demo", "command"), at=at)


def _imports(rows: dict[str, dict], *, at: datetime) -> None:
    held = set(ImportProfile.objects.values_list("code", flat=True))
    for code, fields in rows.items():
        if code not in held:
            save_import(ImportProfile(code=code, **fields), at=at)


def _quality(*, days: int, gain: int, at: datetime) -> None:
    """Give the board of quality so many days behind it, in which the scores rose by `gain`."""
    today = timezone.localdate(at)
    if not days or QualityDay.objects.exists():
        return
    follow_quality(at=at)
    keep_day(today)
    now = list(QualityDay.objects.all())
    QualityDay.objects.bulk_create(
        [_before(row, back, Decimal(gain * back) / days) for back in range(1, days) for row in now],
        batch_size=500,
    )


def _before(row: QualityDay, back: int, less: Decimal) -> QualityDay:
    """Return the figures of so many days before: lower, in steps, and fewer without a finding."""
    lower = max(Decimal(0), row.score - less.quantize(Decimal(1)))
    flawless = int(row.flawless * lower / row.score) if row.score else 0
    day = row.day - timedelta(days=back)
    figures = {"products": row.products, "score": lower, "flawless": flawless}
    names = ("channel", "locale", "sight", "by", "code")
    return QualityDay(day=day, **figures, **{name: getattr(row, name) for name in names})


def _catalogs(rows: list[dict], *, at: datetime) -> None:
    """Fill the catalogs that connections would have asked for."""
    for row in rows:
        connection = Connection.objects.filter(code=row["connection"]).first()
        if connection and not connection.catalogs.filter(name=row["name"]).exists():
            create_catalog(connection, row, actor=Actor("demo", "command"), at=at)


def _user(name: str):
    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise CommandError(f"There is no user “{name}”: run the command roles first.")
    return found


def _product(identifier: str) -> Product:
    found = Product.objects.filter(identifier=identifier).first()
    if found is None:
        raise CommandError(f"There is no product “{identifier}”.")
    return found
