"""Remodelling: changes of the structure that carry the products along, previewed and undoable."""

from .run import OPERATIONS, queue_remodel

__all__ = ["OPERATIONS", "queue_remodel"]
