"""Quality of drafts: rules set, scores kept as drafts change, one picture a day."""

from .days import keep_day, keep_first
from .follow import TURN, follow_quality
from .rules import delete_quality_rule, save_quality_rule

__all__ = [
    "TURN",
    "delete_quality_rule",
    "follow_quality",
    "keep_day",
    "keep_first",
    "save_quality_rule",
]
