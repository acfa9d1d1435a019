"""drop_versions: let go of old versions, or say which would go."""

import getpass

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from pim.actions.jobs import queue_job, run_job_now
from pim.actions.retention import TITLE, Rule, dispensable
from pim.content.actor import Actor
from pim.models import Product

SHOWN = 40


class Command(BaseCommand):
    """What the scheduler does once a day; by hand with other numbers, or only to look."""

    help = "Delete old versions that nothing uses; the latest is never among them."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would go")
        parser.add_argument("--keep-last", type=int, help="of each product; 0 keeps everything")
        parser.add_argument("--keep-days", type=int, help="what was current in so many days")

    def handle(self, **options):
        params = {
            name: options[name] for name in ("keep_last", "keep_days") if options[name] is not None
        }
        if options["dry_run"]:
            self._show(Rule.of(at=now(), **params))
            return
        name = getpass.getuser()
        job = queue_job("retention", title=TITLE, params=params, actor=name)
        job = run_job_now(job, actor=Actor(name, "command"), at=now())
        self.stdout.write(f"{job.done} versions are gone.")

    def _show(self, rule: Rule | None) -> None:
        count = 0
        for batch in dispensable(rule) if rule else ():
            shown = batch[: max(SHOWN - count, 0)]
            names = dict(
                Product.objects.filter(id__in=[row.product_id for row in shown]).values_list(
                    "id", "identifier"
                )
            )
            for row in shown:
                dates = f"{row.since:%Y-%m-%d} to {row.until:%Y-%m-%d}"
                self.stdout.write(f"{names[row.product_id]} version {row.number}, {dates}")
            count += len(batch)
        if count > SHOWN:
            self.stdout.write(f"… and {count - SHOWN} more")
        self.stdout.write(f"{count} versions would go. Dry run: nothing was deleted.")
