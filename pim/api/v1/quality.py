"""Quality through our own API: the scores of a product, lists of what to mend, and the days."""

from datetime import date

from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from pim.content.quality import Finding, grade
from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.content.rights import Rights
from pim.content.structure import Structure
from pim.models import Quality, QualityDay
from pim.queries.finding_words import WORDS, say
from pim.queries.findings import seen_findings, with_reason
from pim.queries.quality import quality_stamp, stale_products
from pim.queries.rights import rights_of
from pim.queries.seen_quality import seen_days, seen_scores
from pim.queries.structure import load_structure

from .access import View
from .paging import AFTER, LIMIT, page_of, page_of_many, page_shape, whole
from .past import ProductView
from .shapes import PROBLEMS

CHANNEL = OpenApiParameter("channel", str, description="Code of a channel; all unless named.")
LOCALE = OpenApiParameter("locale", str, description="Locale; all unless named.")
BY = ("all", "family", "category")


class FindingShape(serializers.Serializer):
    """One thing that is wrong, at an address; `message` is in the language of Accept-Language."""

    rule = serializers.CharField()
    reason = serializers.ChoiceField(sorted(WORDS))
    attribute = serializers.CharField()
    locale = serializers.CharField(help_text="Empty for what is the same in all.")
    message = serializers.CharField()
    params = serializers.DictField()
    field = serializers.CharField(help_text="Address of the field at the desk.")


class ScoreShape(serializers.Serializer):
    """The score of a product's draft in a channel and a locale, with what lowers it."""

    product = serializers.CharField()
    uuid = serializers.CharField()
    channel = serializers.CharField()
    locale = serializers.CharField()
    score = serializers.IntegerField()
    grade = serializers.ChoiceField(list("ABCDE"))
    findings = FindingShape(many=True)


class DayShape(serializers.Serializer):
    """How good content was on a day: the average of all, of a family, or of a category branch."""

    day = serializers.DateField()
    channel = serializers.CharField()
    locale = serializers.CharField()
    by = serializers.ChoiceField(BY)
    code = serializers.CharField(help_text="Of the family or category; empty for none.")
    products = serializers.IntegerField()
    score = serializers.FloatField()
    flawless = serializers.IntegerField()


class ProductQuality(ProductView):
    """The scores of one product."""

    @extend_schema(
        operation_id="products_quality",
        parameters=[CHANNEL, LOCALE],
        responses={
            200: inline_serializer(
                "ProductQuality",
                {
                    "product": serializers.CharField(),
                    "uuid": serializers.CharField(),
                    "stale": serializers.BooleanField(help_text="The draft is newer."),
                    "scores": ScoreShape(many=True),
                },
            ),
            **PROBLEMS,
        },
    )
    def get(self, request, identifier: str):
        """Answer its scores with their reasons, per channel and locale."""
        product, _holding, structure = self.product(request, identifier)
        rights = rights_of(request.user)
        rows = _asked(request, Quality.objects.filter(product=product), rights, structure)
        rows = list(rows.order_by("channel__code", "locale"))
        seen = seen_findings(rows, rights)
        stale = stale_products(quality_stamp(structure)).filter(pk=product.pk).exists()
        return Response(
            {
                "product": product.identifier,
                "uuid": str(product.uuid),
                "stale": stale,
                "scores": [show_score(row, seen[row.pk], structure) for row in rows],
            }
        )


class Scores(View):
    """The scores of all products."""

    noun = "quality"

    @extend_schema(
        operation_id="quality_list",
        parameters=[
            CHANNEL,
            LOCALE,
            OpenApiParameter("min_score", int),
            OpenApiParameter("max_score", int),
            OpenApiParameter("reason", str, enum=sorted(WORDS)),
            AFTER,
            LIMIT,
        ],
        responses={200: page_shape(ScoreShape), **PROBLEMS},
    )
    def get(self, request):
        """List them, each with its reasons."""
        self.require(request, "view")
        rights, structure = rights_of(request.user), load_structure()
        rows = _asked(request, Quality.objects.all(), rights, structure)
        for name, lookup in (("min_score", "score__gte"), ("max_score", "score__lte")):
            if (number := whole(request, name)) is not None:
                rows = rows.filter(**{lookup: min(number, 32_000)})
        if reason := request.query_params.get("reason", ""):
            rows = with_reason(rows, reason)

        def show_all(found: list[Quality]) -> list[dict]:
            seen = seen_findings(found, rights)
            return [show_score(row, seen[row.pk], structure) for row in found]

        return page_of_many(request, rows, show_all)


class Days(View):
    """The averages day by day."""

    noun = "quality"

    @extend_schema(
        operation_id="quality_days",
        parameters=[
            OpenApiParameter("by", str, enum=BY, description="all unless named"),
            OpenApiParameter("code", str, description="Of one family or category."),
            CHANNEL,
            LOCALE,
            OpenApiParameter("from", date),
            OpenApiParameter("until", date),
            AFTER,
            LIMIT,
        ],
        responses={200: page_shape(DayShape), **PROBLEMS},
    )
    def get(self, request):
        """List the days, oldest first; only those that count nothing hidden from the person."""
        self.require(request, "view")
        rights, structure = rights_of(request.user), load_structure()
        query = request.query_params
        by = query.get("by", "all")
        if by not in BY:
            raise InvalidValue(_("“by” is all, family or category."), code="bad_by", field="by")
        rows = seen_days(QualityDay.objects.filter(by=by), rights, structure)
        for name in ("channel", "locale"):
            rows = rows.filter(**_place(request, name, rights, structure))
        if "code" in query:
            rows = rows.filter(code=query["code"])
        for name, lookup in (("from", "day__gte"), ("until", "day__lte")):
            if query.get(name):
                rows = rows.filter(**{lookup: _day(query[name], name)})
        return page_of(request, rows, show_day)


def show_score(row: Quality, findings: list[Finding], structure: Structure) -> dict:
    """Return a score as it is answered."""
    return {
        "product": row.product.identifier,
        "uuid": str(row.product.uuid),
        "channel": row.channel.code,
        "locale": row.locale,
        "score": row.score,
        "grade": grade(row.score),
        "findings": [_show_finding(finding, row, structure) for finding in findings],
    }


def show_day(row: QualityDay) -> dict:
    """Return a day as it is answered."""
    names = ("day", "channel", "locale", "by", "code", "products", "flawless")
    return {**{name: getattr(row, name) for name in names}, "score": float(row.score)}


def _show_finding(finding: Finding, row: Quality, structure: Structure) -> dict:
    place = reverse("admin:pim_product_change", args=[row.product_id])
    return {
        "rule": finding.rule,
        "reason": finding.kind,
        "attribute": finding.attribute,
        "locale": finding.locale,
        "message": say(finding, structure, get_language() or row.locale),
        "params": dict(finding.params),
        "field": f"{place}?channel={row.channel.code}&locale={row.locale}"
        f"#field-{finding.attribute}",
    }


def _asked(request, rows, rights: Rights, structure: Structure):
    """Return the scores in the channel and the locale of the query that may be seen."""
    rows = seen_scores(rows, rights, structure)
    channel, locale = (_place(request, n, rights, structure) for n in ("channel", "locale"))
    if channel:
        channel = {"channel_id": structure.channels[channel["channel"]].id}
    return rows.filter(**channel, **locale).select_related("product", "channel")


def _place(request, name: str, rights: Rights, structure: Structure) -> dict[str, str]:
    """Return {name: code} of the query, {} where it names none; what is hidden is not there."""
    code = request.query_params.get(name)
    if not code:
        return {}
    known = structure.channels if name == "channel" else structure.locales
    may = rights.channel(code) if name == "channel" else rights.locale(code)
    if code not in known or not may:
        raise UnknownCode(what=name, name=code[:60], field=name)
    return {name: code}


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            _("“%(name)s” needs a date such as 2026-11-22."), code="bad_date", field=name, name=name
        ) from None
