"""Issue an output: `issue OUTPUT [--locale fi] [--wait]`."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext

from syndication.actions.editions import issue_edition, run_edition, sweep
from syndication.actions.listings import upkeep
from syndication.models import FINAL, Edition, Output
from syndication.refusals import Refused

RESTING = FINAL | {"blocked"}


class Command(BaseCommand):
    help = "Issue an output: queue an edition per locale, and with --wait see it through."

    def add_arguments(self, parser):
        parser.add_argument("output", help="code of the output")
        parser.add_argument("--locale", help="one locale only")
        parser.add_argument(
            "--wait", action="store_true", help="run what no worker takes; return when it ended"
        )

    def handle(self, *, output, locale, wait, **_):
        found = Output.objects.filter(code=output).first()
        if found is None:
            codes = ", ".join(Output.objects.values_list("code", flat=True))
            raise CommandError(f"There is no output {output!r}; there are: {codes or 'none'}.")
        upkeep(at=timezone.now())
        try:
            editions = issue_edition(found, locale=locale, actor="command", at=timezone.now())
        except Refused as refused:
            raise CommandError(refused.say(gettext)) from refused
        for edition in editions:
            self._see_through(edition, wait=wait)
        ended = Edition.objects.filter(pk__in=[e.pk for e in editions], state="failed")
        if ended:
            raise CommandError(f"{len(ended)} of {len(editions)} editions failed.")

    def _see_through(self, edition: Edition, *, wait: bool):
        while wait and (edition := Edition.objects.get(pk=edition.pk)).state not in RESTING:
            sweep(at=timezone.now())
            if not run_edition(edition.pk):
                time.sleep(0.5)
        self.stdout.write(describe(edition))


def describe(edition: Edition) -> str:
    """Return one line about an edition."""
    counts = edition.counts
    names = ("issued", "item_errors", "excluded", "rendered", "reused", "added", "changed")
    figures = ", ".join(f"{name} {counts[name]}" for name in (*names, "removed") if name in counts)
    parts = [f"{edition.output.code} #{edition.number}", edition.locale, edition.state, figures]
    return " ".join(part for part in (*parts, edition.cause) if part)
