"""What a wish wants for its product alone, known before anything of it is planned."""

from pim.content.refusals import Refused
from pim.content.states import state_of
from pim.content.structure import Structure

from .batch import Batch
from .claims import claim_of, unique_codes
from .cleaning import clean_at, place_of, places_of
from .gtins import claiming_attributes, gtins_of
from .intents import ProductWrite


def wanted_claims(write: ProductWrite, structure: Structure) -> set[tuple[int, str] | str]:
    """Return all that the wish may claim: (attribute id, digest) of values, and GTINs.

    What cannot be read claims nothing: it is refused.
    """
    if write.ready:
        return {*write.ready.claims, *write.ready.gtins}
    found: set[tuple[int, str] | str] = set()
    unique, numbers = unique_codes(structure), claiming_attributes(structure)
    places, batch = places_of(structure), Batch(structure)
    for address, raw in write.values.items():
        attribute, channel, locale = address
        if attribute not in unique and attribute not in numbers:
            continue
        try:
            data = clean_at(places.get(address) or place_of(address, structure), raw, batch)
        except Refused:
            continue
        if data is None or state_of(data):
            continue
        if attribute in unique:
            found.add(claim_of(attribute, channel, locale, data, structure))
        if attribute in numbers:
            found.update(gtin for gtin, _level in gtins_of(data))
    return found
