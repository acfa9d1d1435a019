"""Check the invariants of listings, editions and artefacts."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from syndication.models import StaleMark
from syndication.queries.verification import findings


class Command(BaseCommand):
    help = "Check the invariants of listings, editions and artefacts; exit code 1 if any is broken."

    def add_arguments(self, parser):
        parser.add_argument("--full", action="store_true", help="look at all rows, not a sample")

    def handle(self, *args, full, **options):
        count = 0
        for found in findings(full=full, at=timezone.now()):
            count += 1
            self.stdout.write(f"{found.check}: {found.subject}: {found.message}")
        stale = StaleMark.objects.count()
        if stale:
            self.stdout.write(f"{stale} products are stale and wait for upkeep")
        if count:
            raise CommandError(f"{count} findings")
        self.stdout.write("all invariants hold")
