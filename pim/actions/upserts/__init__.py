"""Upserts of structure: documents in, rows created or changed set-wise, one result each."""

from .engine import CODE, upsert_structure
from .entries import StructureResult
from .nouns import KINDS

__all__ = ["CODE", "KINDS", "StructureResult", "upsert_structure"]
