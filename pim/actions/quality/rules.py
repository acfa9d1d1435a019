"""Quality rules: set and taken away, with a change for each; scores follow by themselves."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from pim.content.actor import Actor
from pim.content.quality import CHECKS
from pim.content.refusals import InvalidValue, _
from pim.content.rights import Level, refuse_below
from pim.content.snapshot import STRUCTURE_SLICE
from pim.models import Change, QualityRule

FIELDS = (
    "labels", "kind", "weight", "enabled", "channels", "families", "locales", "attributes",
    "roles", "params",
)  # fmt: skip
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")


def save_quality_rule(code: str, *, actor: Actor, at: datetime, **given: Any) -> QualityRule:
    """Create or change a rule: `given` are fields of `QualityRule`, what is left out stays."""
    _refuse_limited(actor)
    with transaction.atomic():
        row = QualityRule.objects.filter(code=code).first() or QualityRule(code=code)
        before = {name: getattr(row, name) for name in FIELDS} if row.pk else {}
        for name in FIELDS:
            if name in given:
                setattr(row, name, given[name])
        _check(row)
        after = {name: getattr(row, name) for name in FIELDS}
        if before != after:
            row.save()
            _tell(code, before, after, actor=actor, at=at)
    return row


def delete_quality_rule(row: QualityRule, *, actor: Actor, at: datetime) -> None:
    """Take a rule away."""
    _refuse_limited(actor)
    with transaction.atomic():
        before = {name: getattr(row, name) for name in FIELDS}
        row.delete()
        _tell(row.code, before, {}, actor=actor, at=at)


def _refuse_limited(actor: Actor) -> None:
    refuse_below(actor.rights.group(STRUCTURE_SLICE), Level.OWN)


def _check(row: QualityRule) -> None:
    if row.kind not in CHECKS:
        raise InvalidValue(
            _("There is no kind of rule “%(value)s”."), code="bad_kind", field="kind",
            value=row.kind,
        )  # fmt: skip
    if not _CODE.fullmatch(row.code) or len(row.code) > 100:
        raise InvalidValue(
            _("“%(value)s” is no code: use letters, digits, underscore, hyphen, full stop."),
            code="bad_code",
            field="code",
            value=row.code[:120],
        )
    if not 1 <= row.weight <= 1000:
        raise InvalidValue(_("A weight is 1 to 1000."), code="bad_weight", field="weight")
    _check_params(row.params)


def _check_params(params: Mapping[str, Any]) -> None:
    numbers = [params.get(name) for name in ("min", "max", "mm", "dpi")]
    good = all(n is None or (type(n) in (int, float) and 0 <= n <= 100_000) for n in numbers)
    words = params.get("words") or {}
    good = good and isinstance(words, dict)
    good = good and all(
        isinstance(held, list) and all(isinstance(w, str) and w.strip() for w in held)
        for held in words.values()
    )
    if not good:
        raise InvalidValue(
            _("Parameters are numbers from 0 to 100000, and words in a list per locale."),
            code="bad_params",
            field="params",
        )


def _tell(code: str, before: Mapping, after: Mapping, *, actor: Actor, at: datetime) -> None:
    keys = {*before, *after}
    detail = {k: [before.get(k), after.get(k)] for k in keys if before.get(k) != after.get(k)}
    Change.objects.create(
        subject=f"quality_rule:{code}"[:300],
        action="structure" if after else "delete",
        actor=actor.name,
        source=actor.source,
        at=at,
        detail=detail,
    )
