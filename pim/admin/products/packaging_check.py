"""What is wrong, or doubtful, with a packaging as it is being typed: an answer cell by cell."""

import json

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as translate

from pim.content.kinds.packaging import Packaging
from pim.content.packaging_doubts import doubts
from pim.content.refusals import Refused
from pim.queries.structure import load_structure

from ..limits import rights_of_request
from .packaging import as_typed

_SHOWN = 200  # of one packaging; nobody mends more at a time


def check_packaging(request):
    """Answer what is wrong and what is doubtful with levels as typed, cell by cell.

    The request is {"attribute", "levels", "gtin": the product's own}; nothing is written.
    """
    if not request.user.has_perm("pim.view_product"):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    structure, asked = load_structure(), _asked(request)
    attribute = structure.attributes.get(str(asked.get("attribute")))
    if attribute is None or attribute.kind != "packaging":
        raise Http404
    if not rights_of_request(request).attribute(attribute):
        raise Http404
    raw = as_typed(asked.get("levels") or [])
    wrong = Packaging().problems(raw, attribute, structure)
    if wrong:
        shown = [_said(problem, doubt=False) for problem in wrong[:_SHOWN]]
        return JsonResponse({"problems": shown, "units": {}})
    levels = Packaging().clean(raw, attribute, structure) or []
    doubtful = doubts(levels, structure, gtin=str(asked.get("gtin") or "")[:50])
    return JsonResponse(
        {
            "problems": [_said(problem, doubt=True) for problem in doubtful],
            "units": {held["level"]: held["base_units"] for held in levels},
        }
    )


def _asked(request) -> dict:
    try:
        asked = json.loads(request.body)
    except ValueError:
        asked = None
    return asked if isinstance(asked, dict) else {}


def _said(problem: Refused, *, doubt: bool) -> dict:
    """Return a problem for its cell, in the reader's words."""
    level, part = problem.params.get("level", ""), problem.params.get("part", "")
    where = "quantity" if part in ("contains", "level") else part
    return {"level": level, "part": where, "text": problem.say(translate), "doubt": doubt}
