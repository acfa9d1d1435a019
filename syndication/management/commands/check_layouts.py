"""Say of every layout of the print catalogue whether it can be used, and what is wrong."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as translate

from syndication.rendering.print.layouts.folders import Fault, read_layout, shelf


class Command(BaseCommand):
    """Check the layouts of the print catalogue, or one folder before it is put in place."""

    help = "Check the layouts of the print catalogue, or those in the folders named."

    def add_arguments(self, parser):
        parser.add_argument("folders", nargs="*", type=Path, help="folders of single layouts")

    def handle(self, *args, folders, **options):
        if folders:
            found = [read_layout(folder.resolve()) for folder in folders]
        else:
            found = [*shelf().layouts.values(), *shelf().faults]
        faults = [each for each in found if isinstance(each, Fault)]
        for layout in found:
            if not isinstance(layout, Fault):
                self.stdout.write(f"{layout.code}: {layout.label('en')}")
        for fault in faults:
            self.stdout.write(fault.told(translate))
        if faults:
            raise CommandError(f"{len(faults)} of {len(found)} layouts cannot be used.")
