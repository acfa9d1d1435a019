"""Who acts, and through which door."""

from dataclasses import dataclass

SOURCES = ("admin", "api", "import", "command", "demo", "schedule", "job", "rule")


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` is a user name or the name of a machine; `source` one of SOURCES."""

    name: str
    source: str = "command"
