"""export_catalog PATH: write products to a file, or run an export profile, here and now."""

import json
import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from pim.actions.exports import queue_export, queue_profile
from pim.actions.jobs import run_job_now
from pim.actions.jobs.run import actor_of_job
from pim.content.refusals import Refused
from pim.exporting.settings import (
    CATALOGUE,
    DRAFT,
    FORMATS,
    MACHINES,
    PEOPLE,
    PRODUCTS,
    PUBLISHED,
    STRUCTURE,
)
from pim.models import ExportProfile


class Command(BaseCommand):
    """The ending of PATH is the format unless another one is named."""

    help = "Export products as CSV, XLSX or JSON lines, for machines to read back or for people."

    def add_arguments(self, parser):
        parser.add_argument("path", help="the file to write, or a folder")
        parser.add_argument("--profile", help="code of a saved export profile")
        parser.add_argument(
            "--content", choices=(PRODUCTS, STRUCTURE, CATALOGUE), default=PRODUCTS,
            help="products, the structure, or both in a zip",
        )  # fmt: skip
        parser.add_argument("--media", action="store_true", help="with the files of the media")
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument("--for", dest="audience", choices=(MACHINES, PEOPLE), default=MACHINES)
        parser.add_argument("--published", action="store_true", help="published values, no drafts")
        parser.add_argument("--columns", default="", help="fields and attributes, by commas")
        parser.add_argument("--locales", default="", help="locales, by commas; all unless named")
        parser.add_argument("--search", default="", help="a search document (JSON)")
        parser.add_argument("--gzip", action="store_true", help="pack a single file")

    def handle(self, *, path, profile, **options):
        try:
            job = self._saved(profile) if profile else self._asked(options)
            run_job_now(job, actor=actor_of_job(job), at=now())
        except Refused as refusal:
            raise CommandError(refusal.say()) from refusal
        if job.state != "done":
            raise CommandError(job.cause)
        target = Path(path)
        if target.is_dir():
            target = target / job.result.name.rsplit("/", 1)[-1]
        with job.result.open("rb") as made, open(target, "wb") as out:
            shutil.copyfileobj(made, out)
        count = job.counts.get("exported", {}).get("created", 0)
        self.stdout.write(f"{count} products: {target}")

    def _saved(self, code: str):
        profile = ExportProfile.objects.filter(code=code).first()
        if profile is None:
            raise CommandError(f"There is no export profile {code}.")
        return queue_profile(profile, actor="command")

    def _asked(self, options: dict):
        settings = {
            "content": options["content"],
            "media": options["media"],
            "format": options["format"],
            "audience": options["audience"],
            "state": PUBLISHED if options["published"] else DRAFT,
            "columns": _list(options["columns"]),
            "locales": _list(options["locales"]),
            "gzip": options["gzip"],
        }
        return queue_export(_selection(options["search"]), settings, actor="command")


def _selection(text: str) -> dict:
    try:
        return {"search": json.loads(text)} if text else {"all": True}
    except ValueError as fault:
        raise CommandError(f"--search is no JSON: {fault}") from fault


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
