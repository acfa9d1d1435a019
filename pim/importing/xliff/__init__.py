"""XLIFF 2.1 and 1.2: units written for translators, and read back part by part.

OASIS XLIFF 2.1 §4.2 (pc, ph, originalData) and XLIFF 1.2 §2.4 (bpt, ept, ph). What a code stands
for is written for the translator's eyes; when read back only its id counts.
"""

from .reading import read_xliff
from .units import Returned, Row
from .writing import write_xliff

__all__ = ["Returned", "Row", "read_xliff", "write_xliff"]
