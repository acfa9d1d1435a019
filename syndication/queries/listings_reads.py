"""What listings read besides their product: the assets, records and products it names."""

from collections.abc import Iterable
from typing import NamedTuple

from pim.published import Structure, states

from .listings_subjects import Subject


class Reads(NamedTuple):
    """Codes of assets, "<entity>/<code>" of records, uuids of associated products."""

    assets: frozenset[str]
    records: frozenset[str]
    products: frozenset[str]

    def uses(self, product_id: int) -> set[tuple[int, str, str]]:
        """Return the rows of `Use`: (product, kind, target)."""
        return {
            (product_id, kind, target)
            for kind, targets in (
                ("asset", self.assets),
                ("record", self.records),
                ("product", self.products),
            )
            for target in targets
        }


def reads_of(subject: Subject, structure: Structure) -> Reads:
    """Return everything that any listing of the subject may read: a little too much is right."""
    assets, records = set(), set()
    for _identifier, values in subject.chain:
        for held in values.values():
            for code, by_channel in held.items():
                attribute = structure.attributes.get(code)
                if attribute is None:
                    continue
                if attribute.kind == "media":
                    assets.update(_codes(by_channel.values()))
                elif attribute.kind == "reference":
                    entity = attribute.reference_entity
                    records.update(f"{entity}/{c}" for c in _codes(by_channel.values()))
    products = {uuid for targets in subject.associations.values() for uuid in targets}
    return Reads(frozenset(assets), frozenset(records), frozenset(products))


def by_entity(records: Iterable[str]) -> dict[str, list[str]]:
    """Return {entity: [codes]} for "<entity>/<code>" strings."""
    found: dict[str, list[str]] = {}
    for record in sorted(records):
        entity, _, code = record.partition("/")
        found.setdefault(entity, []).append(code)
    return found


def codes_in(data) -> list[str]:
    """Return the codes that a media or reference value holds."""
    if not data or states.state_of(data):
        return []
    return [data] if isinstance(data, str) else list(data)


def _codes(values) -> Iterable[str]:
    return (code for data in values for code in codes_in(data))
