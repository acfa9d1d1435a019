"""The family of one product through our own API: previewed, then changed."""

from dataclasses import asdict

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.fields import BooleanField, CharField, DictField, ListField
from rest_framework.response import Response

from pim.actions.family_change import FamilyChange, change_family
from pim.content.refusals import InvalidValue, _
from pim.models import Product

from .access import actor_of, body_of, check_match, etag
from .past import ProductView
from .shapes import PROBLEMS

MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
BODY = inline_serializer(
    "FamilyChangeBody",
    {
        "family": CharField(help_text="Code; empty for none."),
        "family_variant": CharField(required=False, help_text="Needed for models."),
        "dry_run": BooleanField(required=False, help_text="True unless you say false."),
    },
)
CHANGE = inline_serializer(
    "FamilyChange",
    {
        "dry_run": BooleanField(),
        "products": ListField(help_text="Those that change, the product first."),
        "lost": ListField(child=DictField(), help_text="Values that go; moved: to a variant."),
        "kept": ListField(help_text="Attributes whose values stay."),
        "stays_out": ListField(help_text="Attributes whose values you may not take away."),
        "missing": ListField(child=DictField(), help_text="What is required and lacking then."),
    },
)


class ProductFamily(ProductView):
    """The family of one product."""

    @extend_schema(
        operation_id="products_family",
        request=BODY,
        parameters=[MATCH],
        responses={200: CHANGE, **PROBLEMS},
    )
    def post(self, request, identifier: str):
        """Say what a change of family does; with `dry_run` false and If-Match, do it."""
        product, _holding, _structure = self.product(request, identifier)
        self.require(request, "change")
        body = body_of(request)
        dry_run = body.get("dry_run", True)
        family, variant = body.get("family"), body.get("family_variant")
        if not isinstance(family, str) or not isinstance(variant, str | None):
            raise InvalidValue(
                _("Name the family by its code; empty for none."), code="no_family", field="family"
            )
        if not isinstance(dry_run, bool):
            raise InvalidValue(
                _("“dry_run” is true or false."), code="needs_boolean", field="dry_run"
            )
        if not dry_run:
            check_match(request, product)
        change = change_family(
            product.pk,
            family=family,
            family_variant=variant,
            actor=actor_of(request),
            at=timezone.now(),
            expected_version=None if dry_run else product.row_version,
            dry_run=dry_run,
        )
        return _answer(change, product, dry_run=dry_run)


def _answer(change: FamilyChange, product: Product, *, dry_run: bool) -> Response:
    found = asdict(change)
    row_version = found.pop("row_version")
    for one in found["lost"]:
        one["value"] = one.pop("data")
    found["missing"] = [
        {"channel": channel, "attribute": attribute, "locale": locale}
        for channel, attribute, locale in change.missing
    ]
    tag = etag(product) if dry_run else f'"{row_version}"'
    return Response({"dry_run": dry_run, **found}, headers={"ETag": tag})
