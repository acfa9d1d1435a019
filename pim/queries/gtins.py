"""Finding products by the number on a box: their own GTIN, or that of a level of packaging."""

from django.db.models import Model, QuerySet

from pim.content.gtins import gtin14
from pim.content.packaging import packaging_attributes
from pim.content.rights import Rights
from pim.content.structure import Structure
from pim.models import FilterValue

from .indexed import indexed_attributes
from .rights import visible_index


def numbered(
    gtin: str, rights: Rights, structure: Structure, *, index: type[Model] = FilterValue
) -> QuerySet:
    """Return the rows of an index of a GTIN in any of its lengths, of those that the rights show.

    There are none for a text that is no GTIN, nor for a GTIN attribute that is not indexed.
    """
    whole = gtin14(gtin)
    if not whole:
        return index.objects.none()
    codes = {a.code for a in structure.attributes.values() if a.role == "gtin"}
    codes = (codes | packaging_attributes(structure)) & indexed_attributes(structure)
    ids = [structure.attributes[code].id for code in codes]
    short = [whole[cut:] for cut in (1, 2, 6) if not whole[:cut].strip("0")]
    rows = index.objects.order_by().filter(text__in=[gtin, whole, *short])
    return visible_index(rows, ids, rights, structure)
