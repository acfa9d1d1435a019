"""Who acts, through which door, and what they may."""

from dataclasses import dataclass, replace

from .rights import EVERYTHING, Rights

SOURCES = ("admin", "api", "import", "command", "demo", "schedule", "job", "rule", "bulk")


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` is a user name or the name of a machine; `source` one of SOURCES.

    `rights` are those of the person behind it; machines of the house have no limits.
    """

    name: str
    source: str = "command"
    rights: Rights = EVERYTHING

    def unlimited(self) -> "Actor":
        """Return the same actor for what follows by itself from an act that was allowed."""
        return replace(self, rights=EVERYTHING)
