"""run_jobs: run the jobs that wait, one after the other, until none does."""

from django.core.management.base import BaseCommand

from pim.actions.jobs import run_waiting_jobs


class Command(BaseCommand):
    """What a worker starts in a process of its own; by hand it does no harm."""

    help = "Run queued jobs (imports, exports, bulk changes …) until none waits."

    def handle(self, **options):
        done = run_waiting_jobs()
        if options["verbosity"] > 1:
            self.stdout.write(f"{done} jobs run.")
