"""Exports: profiles that are saved, run by hand or by the clock, each run a job with a file."""

from .running import queue_due_exports, queue_export, queue_profile
from .saving import delete_profile, duplicate_profile, save_profile

__all__ = [
    "delete_profile",
    "duplicate_profile",
    "queue_due_exports",
    "queue_export",
    "queue_profile",
    "save_profile",
]
