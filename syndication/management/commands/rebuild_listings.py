"""Bring the listings up to date, or build them all anew."""

from time import perf_counter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from syndication.actions.listings import upkeep
from syndication.actions.listings_bodies import drop_orphan_bodies
from syndication.actions.listings_log import mark_all
from syndication.actions.statistics import refresh_statistics
from syndication.models import ChannelSequence, StaleMark


class Command(BaseCommand):
    help = "Bring the listings up to date; with --all or --channel, build them anew."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="build every listing anew")
        parser.add_argument("--channel", default="", help="build one channel's listings anew")
        parser.add_argument("--collect", action="store_true", help="drop bodies nobody names")

    def handle(self, *args, channel, collect, **options):
        start, at = perf_counter(), timezone.now()
        if channel and not ChannelSequence.objects.filter(channel=channel).exists():
            raise CommandError(f"there is no channel {channel!r} with listings")
        if options["all"] or channel:
            mark_all(at=at, channel=channel)
        done = upkeep(at=at)
        refresh_statistics()
        seconds = max(perf_counter() - start, 0.001)
        self.stdout.write(
            f"{done.products} products, {done.listings} listings in {seconds:.1f} s "
            f"({done.listings / seconds:.0f}/s): {done.rows} rows written, "
            f"{done.visible} visible changes"
        )
        if collect:
            self.stdout.write(f"{drop_orphan_bodies()} bodies dropped")
        left = StaleMark.objects.count()
        if left:
            raise CommandError(f"{left} products could not be rebuilt; see the log")
