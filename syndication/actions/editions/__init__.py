"""Editions: issuing them, running them, deciding about them."""

from .decide import (
    approve_edition,
    cancel_edition,
    hold_output,
    reject_edition,
    release_output,
    retry_edition,
    roll_back,
)
from .issue import issue_edition
from .lease import sweep
from .run import run_due_editions, run_edition

__all__ = [
    "approve_edition",
    "cancel_edition",
    "hold_output",
    "issue_edition",
    "reject_edition",
    "release_output",
    "retry_edition",
    "roll_back",
    "run_due_editions",
    "run_edition",
    "sweep",
]
