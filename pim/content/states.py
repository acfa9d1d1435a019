"""Four ways of having no data: absent, empty on purpose, unknown, not applicable.

Absent is no entry at all; the other three are stored as {"$state": code} in a value's place.
"""

from typing import Any

STATE_KEY = "$state"
EMPTY = {STATE_KEY: "empty"}
UNKNOWN = {STATE_KEY: "unknown"}
NOT_APPLICABLE = {STATE_KEY: "na"}
STATES = ("empty", "unknown", "na")


def state_of(data: Any) -> str:
    """Return "empty", "unknown" or "na" for a state, else ""."""
    if isinstance(data, dict) and data.get(STATE_KEY) in STATES:
        return data[STATE_KEY]
    return ""


def is_filled(data: Any) -> bool:
    """Return whether the value counts as filled.

    Empty on purpose and not applicable are answers; unknown is not.
    """
    if data is None or data == "" or data == [] or data == {}:
        return False
    return state_of(data) != "unknown"


def shown(data: Any) -> Any:
    """Return the data to show: None for any of the states."""
    return None if state_of(data) else data
