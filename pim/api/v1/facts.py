"""Facts through our own API: prices and availability by the hundred thousand in one request."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.fields import DictField, ListField
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from pim.actions.facts import AvailabilityRow, PriceRow
from pim.actions.facts_replace import Replaced, Unread, take_availability, take_prices
from pim.content.refusals import InvalidValue, Refused, _

from .access import View, actor_of
from .moments import moment
from .parsers import loads
from .shapes import PROBLEMS

LONGEST_LINE = 10_000
MOST = 1_000_000
QUANTITY, ON = "min_quantity", "available_on"
REPLACE = OpenApiParameter(
    "replace", str, description="Take away what is not named: a price list, or a place."
)
INSIST = OpenApiParameter("insist", bool, description="Also where much would vanish.")
ANSWER = inline_serializer("FactsTaken", {"counts": DictField(), "refused": ListField()})
PRICE = inline_serializer(
    "PriceFacts", {"lines": ListField(help_text="One JSON object a line (NDJSON): docs/facts.md")}
)


class Lines(BaseParser):
    """JSON lines, handed over as they come: the body is never held whole."""

    media_type = "application/x-ndjson"

    def parse(self, stream, media_type=None, parser_context=None):
        return _lines(stream, length=_announced(parser_context))


class Ndjson(Lines):
    """The same under its other name."""

    media_type = "application/ndjson"


class Facts(View):
    """A view that takes facts, one a line."""

    shows = "any"
    parser_classes = [Lines, Ndjson]

    def answer(self, done: Replaced) -> Response:
        """Answer the counts, and the first refusals by line."""
        refused = [
            {"line": line, "identifier": name, "code": r.code, "message": r.say()}
            for line, name, r in done.refused
        ]
        return Response({"counts": done.counts, "refused": refused})

    def how(self, request) -> dict:
        """Return who acts, when, and whether they insist."""
        insist = request.query_params.get("insist", "").lower() in ("1", "true", "yes")
        return {"actor": actor_of(request), "at": timezone.now(), "insist": insist}


class Prices(Facts):
    """Prices by price list, product and quantity, with their validity."""

    noun = "pricefact"

    @extend_schema(
        operation_id="facts_prices",
        parameters=[REPLACE, INSIST],
        request={"application/x-ndjson": PRICE},
        responses={200: ANSWER, **PROBLEMS},
    )
    def put(self, request):
        """Set prices; with `replace=LIST` that price list keeps no others."""
        self.require(request, "change", "add")
        rows = (_read(_price, document, place="price_list") for document in request.data)
        replace = request.query_params.get("replace", "")
        return self.answer(take_prices(rows, replace=replace, **self.how(request)))


class Availability(Facts):
    """Availability by product and place."""

    noun = "availabilityfact"

    @extend_schema(
        operation_id="facts_availability",
        parameters=[REPLACE, INSIST],
        request={"application/x-ndjson": PRICE},
        responses={200: ANSWER, **PROBLEMS},
    )
    def put(self, request):
        """Set availability; with `replace=PLACE` ("" for the main one) it keeps no other."""
        self.require(request, "change", "add")
        rows = (_read(_availability, document, place="place") for document in request.data)
        replace = request.query_params.get("replace")
        return self.answer(take_availability(rows, replace=replace, **self.how(request)))


def _announced(parser_context: dict | None) -> int | None:
    """Return how many bytes the client said it would send, None if it did not."""
    request = (parser_context or {}).get("request")
    text = request.META.get("CONTENT_LENGTH") if request is not None else None
    return int(text) if text and str(text).isdecimal() else None


def _lines(stream, *, length: int | None) -> Iterator[dict]:
    """Yield the lines; a body that breaks off is refused at its end, before anything is removed."""
    came = 0
    for line, raw in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), b""), 1):
        came += len(raw)
        if not raw.strip():
            continue
        if len(raw) > LONGEST_LINE or line > MOST:
            raise _bad(line, _("the line, or the whole, is too long"))
        try:
            document = loads(raw)
        except ValueError:
            raise _bad(line, _("it is not JSON")) from None
        if not isinstance(document, dict) or not isinstance(document.get("identifier"), str):
            raise _bad(line, _("it names no identifier"))
        yield document
    if length is not None and came != length:
        raise _bad(0, _("the body broke off"))


def _read(read, document: dict, *, place: str) -> PriceRow | AvailabilityRow | Unread:
    """Return the row of a document; one with a bad field is refused and stops no other."""
    try:
        return read(document)
    except Refused as refusal:
        return Unread(document["identifier"], str(document.get(place) or ""), refusal)


def _price(document: dict) -> PriceRow:
    return PriceRow(
        document["identifier"],
        str(document.get("price_list", "")),
        document.get("amount"),
        min_quantity=_whole(document.get(QUANTITY, 1)),
        valid_from=_moment(document, "valid_from"),
        valid_to=_moment(document, "valid_to"),
    )


def _availability(document: dict) -> AvailabilityRow:
    day = document.get(ON)
    try:
        on = date.fromisoformat(str(day)[:10]) if day else None
    except ValueError:
        sentence = _("“%(name)s” is a date such as 2026-11-22.")
        raise InvalidValue(sentence, code="not_a_date", field=ON, name=ON) from None
    return AvailabilityRow(
        document["identifier"],
        str(document.get("state") or ""),
        str(document.get("place") or ""),
        document.get("quantity"),
        on,
    )


def _moment(document: dict, name: str):
    raw = document.get(name)
    return moment(raw, field=name) if raw else None


def _whole(raw: Any) -> int:
    if isinstance(raw, bool) or not str(raw).isdecimal() or len(str(raw)) > 9:
        sentence = _("“%(name)s” is a whole number.")
        raise InvalidValue(sentence, code="not_whole", field=QUANTITY, name=QUANTITY)
    return int(raw)


def _bad(line: int, why: str) -> InvalidValue:
    return InvalidValue(
        _("Line %(line)s cannot be read: %(why)s. The lines before it are taken."),
        code="bad_line",
        field="lines",
        line=line,
        why=why,
    )
