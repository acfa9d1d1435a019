"""Formats of other systems: each is read as the tables that the field's own layout would have."""

from collections.abc import Iterator

from ..refusals import UnknownFile
from ..tables import Table
from .files import ForeignFile
from .target import Target


def foreign_tables(found: Table | ForeignFile, target: Target) -> list[Table] | None:
    """Return the tables of a foreign file, told by its content; None for one of our own."""
    if isinstance(found, ForeignFile):
        return list(_xml_tables(found, target))
    columns = set(found.header)
    from .shopify import is_shopify, shopify_tables
    from .woocommerce import is_woocommerce, woocommerce_tables

    if is_shopify(columns):
        return list(shopify_tables(found, target))
    if is_woocommerce(columns):
        return list(woocommerce_tables(found, target))
    return None


def _xml_tables(file: ForeignFile, target: Target) -> Iterator[Table]:
    from .bmecat import bmecat_tables
    from .icecat import icecat_tables
    from .xml import root_of

    root = root_of(file)
    if root == "BMECAT":
        yield from bmecat_tables(file, target)
    elif root == "ICECAT-interface":
        yield from icecat_tables(file, target)
    else:
        raise UnknownFile(name=file.name)


__all__ = ["ForeignFile", "Target", "foreign_tables"]
