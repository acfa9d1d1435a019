"""Changes of the structure: whoever makes one tells the log, so that all readers follow."""

from collections.abc import Iterable
from datetime import datetime

from pim.content.actor import Actor
from pim.models import Change
from pim.models.fields import canonical_json

from . import bulk
from .log import Entry, append_to_log


def record_structure_change(
    kind: str,
    codes: Iterable[str],
    *,
    actor: Actor,
    at: datetime,
    detail: dict[str, dict] | None = None,
    action: str = "structure",
    reason: str = "",
) -> int:
    """Write one change per code and one log entry; return its number.

    `kind` is attribute, option, family, category, channel, locale, record, asset, …;
    `detail` is {code: {field: [before, after]}}. Call it last in the transaction.
    """
    codes = list(codes)
    detail = detail or {}
    bulk.insert(
        Change,
        ["row_version", "subject", "action", "actor", "source", "reason", "at", "detail"],
        [
            (0, f"{kind}:{code}", action, actor.name, actor.source, reason, at,
             canonical_json(detail.get(code, {})).decode())
            for code in codes
        ],
    )  # fmt: skip
    return append_to_log([Entry("structure", None, {"kind": kind, "codes": codes})], at=at)
