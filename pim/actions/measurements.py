"""Making the usual measurement families, where they are not there yet."""

from datetime import datetime

from pim.content.actor import Actor
from pim.importing.measurements import usual_families
from pim.models import MeasurementFamily

from .upserts import upsert_structure


def ensure_measurement_families(*, actor: Actor, at: datetime) -> int:
    """Make every usual measurement family that is missing; return how many were made.

    Families that are there stay as people have made them.
    """
    known = {code.casefold() for code in MeasurementFamily.objects.values_list("code", flat=True)}
    missing = [f for code, f in usual_families().items() if code.casefold() not in known]
    if not missing:
        return 0
    results = upsert_structure("measurement_families", missing, actor=actor, at=at)
    return sum(result.outcome == "created" for result in results)
