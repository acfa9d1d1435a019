"""The editor's desk: Django admin pages of the product content."""

from . import (
    asset_families,
    assets,
    attributes,
    categories,
    connections,
    exports,
    facts,
    families,
    groups,
    history,
    jobs,
    product_rules,
    references,
    scopes,
    users,
    work,
)
from .products import admin as products

__all__ = [
    "asset_families",
    "assets",
    "attributes",
    "categories",
    "connections",
    "exports",
    "facts",
    "families",
    "groups",
    "history",
    "jobs",
    "product_rules",
    "products",
    "references",
    "scopes",
    "users",
    "work",
]
