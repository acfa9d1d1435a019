"""Rules: saved when they can stand together, run by hand, by the clock, and after writes."""

from .running import queue_due_rules, queue_rules
from .saving import check_rule, delete_rule, save_rule

__all__ = ["check_rule", "delete_rule", "queue_due_rules", "queue_rules", "save_rule"]
