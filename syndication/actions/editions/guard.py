"""The guard: an edition that loses too much, or whose prices jump, waits for a person."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

DEFAULTS = {
    "enabled": True,
    "vanished_percent": 10,
    "vanished_items": 20,
    "empty": True,
    "prices_missing_percent": 2,
    "price_move_percent": 30,
}


@dataclass(frozen=True)
class Figures:
    """What the guard compares: this edition's counts with those of the one being served."""

    issued: int
    vanished: int
    priced: int
    median_price: float | None
    before: dict | None  # counts of the edition being served, or None


class Cause(NamedTuple):
    """Why an edition waits: an English template and what fills its places."""

    message: str
    params: dict[str, Any]


def objections(figures: Figures, *, rules: dict) -> list[Cause]:
    """Return why an edition should not be served unseen; [] when it may.

    Every rule but `empty` compares with the edition being served, so a first one passes.
    """
    rules = {**DEFAULTS, **(rules or {})}
    if not rules["enabled"]:
        return []
    found = []
    if rules["empty"] and not figures.issued:
        found.append(Cause(_("No item is left to issue."), {}))
    if figures.before:
        found += _vanished(figures, rules) + _prices(figures, rules)
    return found


def _vanished(figures: Figures, rules: dict) -> list[Cause]:
    before = figures.before.get("issued") or 0
    share = 100 * figures.vanished / before if before else 0
    if figures.vanished <= rules["vanished_items"] or share <= rules["vanished_percent"]:
        return []
    message = _("%(vanished)d of %(before)d items (%(share).1f %%) have vanished.")
    return [Cause(message, {"vanished": figures.vanished, "before": before, "share": share})]


def _prices(figures: Figures, rules: dict) -> list[Cause]:
    found = []
    missing = _missing(figures.issued, figures.priced)
    before = _missing(figures.before.get("issued") or 0, figures.before.get("priced") or 0)
    if missing - before > rules["prices_missing_percent"]:
        message = _("%(now).1f %% of the items have no price; it was %(before).1f %%.")
        found.append(Cause(message, {"now": missing, "before": before}))
    old, new = figures.before.get("median_price"), figures.median_price
    if old and new and abs(new - old) / old * 100 > rules["price_move_percent"]:
        message = _("The median price moved from %(old)g to %(new)g.")
        found.append(Cause(message, {"old": old, "new": new}))
    return found


def _missing(items: int, priced: int) -> float:
    return 100 * (items - priced) / items if items else 0.0
