"""Publishes products: all that differ, or those that are named."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from pim.actions.publishing import publish_products
from pim.content.actor import Actor
from pim.models import Product
from pim.queries.drafts import unpublished


class Command(BaseCommand):
    """`publish` makes a version of every product whose draft differs from its latest one."""

    help = "Publish every product whose draft differs from its latest version, or those named."

    def add_arguments(self, parser):
        parser.add_argument("identifiers", nargs="*", help="Only these products.")
        parser.add_argument("--family", action="append", default=[], help="Only these families.")
        parser.add_argument("--category", action="append", default=[], help="Only in these.")
        parser.add_argument("--reason", default="", help="Kept with the versions.")

    def handle(self, *args, **options):
        products = unpublished(_chosen(options)).order_by("level", "id")
        result = publish_products(
            list(products.values_list("id", flat=True)),
            actor=Actor("publish", "command"),
            at=timezone.now(),
            reason=options["reason"],
        )
        self.stdout.write(f"published {result.published}, unchanged {result.unchanged}")


def _chosen(options: dict):
    products = Product.objects.all()
    if options["identifiers"]:
        products = products.filter(identifier__in=options["identifiers"])
    if options["family"]:
        products = products.filter(family__code__in=options["family"])
    if options["category"]:
        within = Product.categories.through.objects.filter(category__code__in=options["category"])
        products = products.filter(id__in=within.values("product_id"))
    return products
