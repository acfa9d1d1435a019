"""seed --products N --seed S: a reproducible synthetic catalogue of any size."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from pim.actions.imports import ImportOptions, import_catalog
from pim.content.actor import Actor
from pim.content.locales import to_bcp47
from pim.importing.report import counts_table
from pim.importing.synthetic import Recipe, write_catalogue
from pim.importing.synthetic_fit import fit_catalogue, recipe_beside
from pim.queries.structure import load_structure


class Command(BaseCommand):
    """The catalogue is written as files and imported like any other."""

    help = "Make a synthetic catalogue: families, models, variants, texts, prices, pictures."

    def add_arguments(self, parser):
        parser.add_argument("--products", type=int, default=1000, help="how many articles")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same catalogue")
        parser.add_argument("--images", type=int, default=12, help="size of the pool of pictures")
        parser.add_argument(
            "--locales", help="comma-separated; those of the channels, else en,de,fr"
        )
        parser.add_argument("--publish", action="store_true", help="publish everything")
        parser.add_argument("--to", help="only write the files, into this folder")

    def handle(self, **options):
        recipe = Recipe(
            products=options["products"],
            seed=options["seed"],
            images=options["images"],
        )
        if not options["to"]:
            recipe = recipe_beside(recipe, load_structure())
        if options["locales"]:
            locales = tuple(to_bcp47(code) for code in options["locales"].split(","))
            recipe = replace(recipe, locales=locales)
        if options["to"]:
            write_catalogue(Path(options["to"]), recipe)
            self.stdout.write(f"Written to {options['to']}.")
            return
        started = time.monotonic()
        run = self._import(recipe, publish=options["publish"])
        if run.state == "failed":
            raise CommandError(run.cause)
        self.stdout.write(counts_table(run.counts))
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{recipe.products} products in {seconds:.1f} s "
            f"({recipe.products / seconds:.0f} a second)."
        )

    def _import(self, recipe: Recipe, *, publish: bool):
        scratch = Path(settings.SCRATCH_ROOT)
        scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix="seed-") as folder:
            write_catalogue(Path(folder), recipe)
            fit_catalogue(Path(folder), load_structure())
            return import_catalog(
                folder,
                actor=Actor("seed", "command"),
                at=now(),
                options=ImportOptions(publish=publish, reason=f"seed {recipe.seed}"),
            )
