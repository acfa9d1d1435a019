"""GTINs that an import takes although they are none: the rows stand, and the report warns of them.

GS1 General Specifications 7.9: a number with a wrong check digit is no GTIN. Outputs leave it out,
but suppliers' lists are full of such numbers, and a row that is refused for one helps nobody.
"""

from collections.abc import Iterable, Mapping, Sequence

from pim.actions.import_retry import ProductTable
from pim.content.address import Address
from pim.content.gtins import gtin14, gtin_doubt
from pim.content.refusals import Refused
from pim.content.structure import Structure
from pim.importing.report import NOTED, Place, Report
from pim.queries.rights import addresses_of

# What the report counts them as, and how many it lists: a list without any right number would fill
# it, and quality names them all.
KIND = "gtins"
LISTED = 1000

Doubt = tuple[str, str]  # the key of an address, and the text that stands there


class GtinWatch:
    """Looks at what is written to attributes with the role GTIN, wherever they have a value."""

    def __init__(self, structure: Structure):
        roles = [a for a in structure.attributes.values() if a.role == "gtin"]
        self._addresses = [
            Address(a.code, *place) for a in roles for place in addresses_of(a, structure)
        ]
        self._keys = [address.key() for address in self._addresses]

    def wished(self, values: Mapping[Address, object]) -> list[Doubt]:
        """Return what is no GTIN in the values of a row that makes a product."""
        found = ((a, values.get(a)) for a in self._addresses)
        return [(a.key(), raw.strip()) for a, raw in found if _doubtful(raw)]

    def written(self, differences: Mapping[str, Sequence]) -> list[Doubt]:
        """Return what is no GTIN among values that were changed."""
        found = ((key, differences[key][1]) for key in self._keys if key in differences)
        return [(key, data) for key, data in found if _doubtful(data)]


def note_doubts(
    doubts: Iterable[Doubt], product_table: ProductTable, place: Place, report: Report
) -> None:
    """Warn of the numbers of a row, each under the column that it came from; the first are listed,
    all are counted."""
    for key, text in doubts:
        if report.counts.get(KIND, {}).get(NOTED, 0) >= LISTED:
            report.count(KIND, NOTED)
            continue
        warning = gtin_doubt(text)
        about = Refused(field=key.partition("|")[0], address=key)
        column = product_table.reader.layout.title_about(about)
        report.note(KIND, place, column, warning)


def _doubtful(data: object) -> bool:
    return isinstance(data, str) and bool(data.strip()) and not gtin14(data.strip())
