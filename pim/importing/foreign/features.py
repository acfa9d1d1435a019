"""Features of classification systems as attributes: their kind is told by all their values."""

from dataclasses import dataclass, field

from .book import Book, Wanted
from .words import code_of, flag_of, number_of, unit_of

MOST_CHOICES = 80
MOST_KNOWN = 100_000
LONGEST_CHOICE = 80
UNKNOWN, NOT_APPLICABLE = "[unknown]", "[n/a]"


@dataclass
class Seen:
    """What the values of one feature have been so far."""

    label: str
    unit: str = ""
    numbers: bool = True
    flags: bool = True
    several: bool = False
    count: int = 0
    longest: int = 0
    distinct: set[str] | None = field(default_factory=set)
    most: int = MOST_CHOICES

    def look(self, values: list[str], unit: str) -> None:
        """Take one product's values into account."""
        self.count += 1
        self.several |= len(values) > 1
        self.unit = self.unit or unit
        for value in values:
            self.numbers = self.numbers and number_of(value) is not None
            self.flags = self.flags and flag_of(value) is not None
            self.longest = max(self.longest, len(value))
            if self.distinct is not None:
                self.distinct.add(value)
                if len(self.distinct) > self.most:
                    self.distinct = None

    def kind(self) -> str:
        """Return the kind of attribute that holds these values."""
        if self.flags and not self.several:
            return "boolean"
        if self.numbers and not self.several:
            return "metric" if unit_of(self.unit) else "number"
        repeat = self.distinct is not None and len(self.distinct) * 2 <= self.count
        if self.several and self.distinct is not None and self.longest <= LONGEST_CHOICE:
            return "multiselect"
        if repeat and self.longest <= LONGEST_CHOICE:
            return "select"
        return "text" if self.longest <= 255 else "textarea"


class Features:
    """All features of a file: `look` at every product first, then `fill` its row."""

    def __init__(self, book: Book):
        self._book = book
        self._seen: dict[str, Seen] = {}
        self._codes: dict[str, str] = {}
        self._wanted: dict[str, Wanted] = {}

    def look(self, name: str, values: list[str], unit: str, *, label: str = "") -> str:
        """Note the values that one product has; return the code of the attribute."""
        if name not in self._codes:
            self._codes[name] = code_of(name)
        code = self._codes[name]
        if code not in self._seen:
            there = self._book.target.structure.attributes.get(code)
            chosen = there is not None and there.kind in ("select", "multiselect")
            most = MOST_KNOWN if chosen else MOST_CHOICES
            self._seen[code] = Seen(label or name, most=most)
        seen = self._seen[code]
        if values:
            seen.look(values, unit)
        return code

    def settle(self) -> None:
        """Decide the kinds, now that everything was looked at, and note the options."""
        for code, seen in self._seen.items():
            kind, rules = seen.kind(), {}
            label = seen.label
            if kind == "metric":
                family, unit = unit_of(seen.unit)
                rules = {"metric_family": family, "default_metric_unit": unit}
            elif seen.unit and kind == "number":
                label = f"{label} ({seen.unit})"
            wanted = self._book.want(code, kind, label=label, rules=rules)
            self._wanted[code] = wanted
            if wanted.kind in ("select", "multiselect"):
                for value in sorted(seen.distinct or ()):
                    self._book.option(wanted, value)
            self._book.fill({}, wanted, "x")
            if wanted.kind in ("metric", "measurement"):
                self._book.note_title(f"{wanted.code}-unit")

    def fill(self, cells: dict[str, str], name: str, values: list[str], unit: str) -> None:
        """Put the values of a product into its row."""
        wanted = self._wanted[self._codes[name]]
        if values in ([UNKNOWN], [NOT_APPLICABLE]):
            self._book.fill(cells, wanted, values[0])
        elif wanted.kind in ("select", "multiselect"):
            codes = [self._book.option(wanted, value) for value in values]
            codes = codes[:1] if wanted.kind == "select" else codes
            self._book.fill(cells, wanted, ",".join(codes))
        elif wanted.kind in ("metric", "measurement"):
            self._fill_amount(cells, wanted, values[0], unit)
        elif wanted.kind == "boolean":
            self._book.fill(cells, wanted, flag_of(values[0]) or values[0])
        elif wanted.kind == "number":
            self._book.fill(cells, wanted, number_of(values[0]) or values[0])
        else:
            tail = f" {unit}" if unit and not wanted.label.endswith(f"({unit})") else ""
            self._book.fill(cells, wanted, ", ".join(values) + tail)

    def _fill_amount(self, cells: dict, wanted: Wanted, value: str, sign: str) -> None:
        amount, unit = number_of(value) or value, unit_of(sign)
        if unit:
            self._book.measure(cells, wanted, amount, unit[1])
        else:
            self._book.fill(cells, wanted, amount)
