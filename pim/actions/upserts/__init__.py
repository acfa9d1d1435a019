"""Upserts of structure: documents in, rows created or changed set-wise, one result each."""

from .engine import StructureResult, upsert_structure
from .nouns import KINDS

__all__ = ["KINDS", "StructureResult", "upsert_structure"]
