"""ETags of rows that count their versions, and If-Match of who changes them (RFC 9110, 13.1)."""

from drf_spectacular.utils import OpenApiParameter

from .editions import PROBLEMS
from .problems import Problem

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of what you have read."
)
MOST = {**PROBLEMS, **dict.fromkeys((412, 428), PROBLEMS[404])}


def tag(row) -> str:
    """Return the entity tag of a row."""
    return f'"{row.pk}-{row.row_version}"'


def matched(request, row) -> int:
    """Return the row version that the request has read; 428 without one, 412 for an older one."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Problem(428, "precondition_required", "Send If-Match with the ETag that you read.")
    if given != "*" and tag(row) not in [one.strip() for one in given.split(",")]:
        raise Problem(412, "changed", "It has been changed since: read it again.")
    return row.row_version
