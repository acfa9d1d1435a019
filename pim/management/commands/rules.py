"""rules: load rules from a JSON file, and run or preview rules here and now."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pim.actions.jobs import run_job_now
from pim.actions.jobs.run import actor_of_job
from pim.actions.rules import queue_rules, save_rule
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.importing.report import counts_table
from pim.models import Rule


class Command(BaseCommand):
    help = "Load rules from a JSON file ({code: fields}), or run rules by their codes."

    def add_arguments(self, parser):
        parser.add_argument("codes", nargs="*", help="rules to run")
        parser.add_argument("--load", metavar="FILE", help="create or change the rules of a file")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")

    def handle(self, *, codes, load, dry_run, **_):
        try:
            if load:
                self._load(Path(load))
            if codes:
                self._run(codes, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(refusal.say()) from refusal

    def _load(self, path: Path) -> None:
        try:
            rules = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise CommandError(f"{path}: {fault}") from fault
        for code, fields in rules.items():
            saved = save_rule(code, fields, actor=Actor("rules"), at=timezone.now())
            self.stdout.write(f"{code}: {saved.outcome}")

    def _run(self, codes: list[str], *, dry_run: bool) -> None:
        rules = list(Rule.objects.filter(code__in=codes))
        unknown = set(codes) - {rule.code for rule in rules}
        if unknown:
            raise CommandError(f"There is no rule {', '.join(sorted(unknown))}.")
        job = queue_rules(rules, actor="command", dry_run=dry_run)
        run_job_now(job, actor=actor_of_job(job), at=timezone.now())
        self.stdout.write(counts_table(job.counts))
