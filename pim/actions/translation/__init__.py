"""Translation: files for translators and back, a memory that proposes, machines behind a door."""

from .files import FORMATS, queue_export, queue_return
from .machines import machine, queue_machine
from .memory import queue_learning, remember
from .write import Translated, write_translations

__all__ = [
    "FORMATS",
    "Translated",
    "machine",
    "queue_export",
    "queue_learning",
    "queue_machine",
    "queue_return",
    "remember",
    "write_translations",
]
