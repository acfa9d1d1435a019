"""What editors set for a layout on an output, within what its manifest allows."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from .folders import Layout
from .manifest import Setting

AMOUNTS = {"text": 210, "values": 8, "values_beside_variants": 3, "variants": 8}
AMOUNTS |= {"columns": 6, "photos": 4}


def option_code(layout: str, setting: str) -> str:
    """Return the code of the output's option that holds a setting of a layout."""
    return f"layout_{layout}_{setting}"


class Settings:
    """The settings of a layout as its template reads them, and the amounts it shows."""

    def __init__(self, layout: Layout, options: Mapping[str, Any]):
        self.layout, self.options = layout, options

    @cached_property
    def values(self) -> dict[str, Any]:
        """The value of every setting; one that is not allowed counts as the default."""
        return {s.code: self._value(s) for s in self.layout.manifest.options}

    def _value(self, setting: Setting) -> Any:
        value = self.options.get(option_code(self.layout.code, setting.code))
        if setting.kind == "boolean":
            return value if isinstance(value, bool) else setting.default
        if setting.kind == "choice":
            return value if value in dict(setting.choices) else setting.default
        whole = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value, setting.least), setting.most) if whole else setting.default

    def amount(self, name: str) -> int:
        """Return how much of something the layout shows: as set, as its manifest says, or usual."""
        chosen = self.values.get(name)
        known = self.layout.manifest.amounts.get(name, AMOUNTS[name])
        return chosen if isinstance(chosen, int) and not isinstance(chosen, bool) else known

    def is_usual(self, name: str) -> bool:
        """Say whether an amount is what the layout shows where editors set nothing."""
        usual = {s.code: s.default for s in self.layout.manifest.options}
        return self.values.get(name) == usual.get(name)

    @property
    def texts(self) -> dict[str, str]:
        """The settings as placeholders; a switch that is off is empty."""
        return {
            f"option.{code}": ("yes" if value is True else "" if value is False else str(value))
            for code, value in self.values.items()
        }

    @property
    def classes(self) -> str:
        """The settings as classes of the card: `gallery`, `align-left`."""
        found = []
        for setting in self.layout.manifest.options:
            value = self.values[setting.code]
            if setting.kind == "boolean" and value:
                found.append(setting.code)
            elif setting.kind == "choice":
                found.append(f"{setting.code}-{value}")
        return " ".join(found)
