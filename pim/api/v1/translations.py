"""Translation through our own API: what waits, files out and back, machines."""

from itertools import islice

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.fields import (
    BooleanField,
    CharField,
    DictField,
    FileField,
    ListField,
)
from rest_framework.response import Response

from pim.actions.translation import queue_export, queue_machine, queue_return
from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.models import Product
from pim.queries.rights import rights_of, visible_products
from pim.queries.structure import load_structure
from pim.queries.translations import MISSING, OUTDATED, STATES, proposals, source_of, units

from .access import View, body_of
from .jobs import KEY, accepted
from .paging import AFTER, LIMIT, MOST, PAGE, whole
from .shapes import PROBLEMS, JobShape

TARGET = OpenApiParameter("target", str, required=True)
STATE = OpenApiParameter("state", str, enum=list(STATES))
PROPOSALS = OpenApiParameter("proposals", bool)
UNITS = inline_serializer(
    "TranslationUnits",
    {"results": ListField(child=DictField()), "next": CharField(allow_null=True)},
)
EXPORT = inline_serializer(
    "TranslationExport",
    {
        "target": CharField(),
        "source": CharField(required=False),
        "selection": DictField(required=False),
        "format": CharField(default="xliff-2.1"),
        "states": ListField(child=CharField(), required=False),
        "attributes": ListField(child=CharField(), required=False),
    },
)
RETURN = inline_serializer(
    "TranslationReturn", {"file": FileField(), "dry_run": BooleanField(default=False)}
)
MACHINE = inline_serializer(
    "MachineTranslation",
    {"target": CharField(), "selection": DictField(required=False)},
)
LOOKED_AT = 5000
PROPOSED = 50  # texts on a page with proposals: each is compared with many


class Units(View):
    """The texts of a locale that wait."""

    noun = "product"

    @extend_schema(
        operation_id="translations_list",
        parameters=[TARGET, STATE, PROPOSALS, AFTER, LIMIT],
        responses={200: UNITS, **PROBLEMS},
    )
    def get(self, request):
        """List them product by product; `after` is the id of the last product seen.

        With `proposals`, each with what the memory holds for it, best first.
        """
        self.require(request, "view", "change")
        target = request.query_params.get("target", "")
        source = source_of(target, load_structure())
        state = request.query_params.get("state")
        if state and state not in STATES:
            raise UnknownCode(what="state", name=state, field="state")
        rights = rights_of(request.user)
        proposing = request.query_params.get("proposals") == "true"
        limit = min(whole(request, "limit") or PAGE, PROPOSED if proposing else MOST)
        rows = visible_products(Product.objects.all(), rights)
        rows = rows.filter(id__gt=whole(request, "after") or 0).order_by("id")
        ids = list(rows.values_list("id", flat=True)[:LOOKED_AT])
        states = (state,) if state else (MISSING, OUTDATED)
        found = units(ids, source=source, target=target, states=states, rights=rights)
        shown = list(islice(found, limit + 1))
        more = len(shown) > limit or len(ids) == LOOKED_AT
        shown = _whole_products(shown, limit)
        last = shown[-1].product if shown else (ids[-1] if ids else 0)
        query = f"target={target}&limit={limit}" + (f"&state={state}" if state else "")
        query += "&proposals=true" if proposing else ""
        following = f"{request.path}?{query}&after={last}" if more and last else None
        results = [_shown(unit) for unit in shown]
        if proposing:
            how = {"source": source, "target": target, "rights": rights}
            for result, found in zip(results, proposals(shown, **how), strict=True):
                result["proposals"] = [
                    {"alike": alike, "source": text, "target": kept} for alike, text, kept in found
                ]
        return Response({"results": results, "next": following})


def _whole_products(shown: list, limit: int) -> list:
    """Return at most `limit` units, the last product whole unless it is the only one."""
    if len(shown) <= limit:
        return shown
    last = shown[limit].product
    kept = [unit for unit in shown if unit.product != last]
    return kept or shown[:limit]


def _shown(unit) -> dict:
    return {
        "product": unit.identifier,
        "uuid": unit.uuid,
        "attribute": unit.attribute,
        "channel": unit.channel,
        "state": unit.state,
        "source": unit.source,
        "target": unit.target,
        "translated_from": unit.before,
    }


class Export(View):
    """A file for translators."""

    noun = "product"

    @extend_schema(
        operation_id="translations_export",
        parameters=[KEY],
        request=EXPORT,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        """Queue the file: the job's result, when it is done."""
        self.require(request, "view", "change")
        body = body_of(request)
        return accepted(
            request,
            lambda: queue_export(
                body.get("selection") or {"all": True},
                target=str(body.get("target", "")),
                source=str(body.get("source") or ""),
                form=str(body.get("format") or "xliff-2.1"),
                states=body.get("states"),
                attributes=body.get("attributes"),
                user=request.user,
            ),
        )


class Return(View):
    """A file that came back."""

    noun = "product"

    @extend_schema(
        operation_id="translations_return",
        request={"multipart/form-data": RETURN},
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        """Queue the file in the part `file`."""
        self.require(request, "change")
        upload = request.FILES.get("file")
        if upload is None:
            raise InvalidValue(_("Send the file as “file”."), code="no_file", field="file")
        dry_run = request.data.get("dry_run") in ("true", "1", True)
        return accepted(request, lambda: queue_return(upload, user=request.user, dry_run=dry_run))


class Machine(View):
    """Translation by machine."""

    noun = "product"

    @extend_schema(
        operation_id="translations_machine",
        parameters=[KEY],
        request=MACHINE,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        """Queue the translation of what is missing in a selection."""
        self.require(request, "change")
        body = body_of(request)
        target = str(body.get("target", ""))
        selection = body.get("selection") or {"all": True}
        return accepted(request, lambda: queue_machine(selection, target=target, user=request.user))
