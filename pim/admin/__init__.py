"""The editor's desk: Django admin pages of the product content."""

from . import (
    assets,
    attributes,
    categories,
    connections,
    facts,
    families,
    groups,
    history,
    jobs,
    references,
    scopes,
    users,
)
from .products import admin as products

__all__ = [
    "assets",
    "attributes",
    "categories",
    "connections",
    "facts",
    "families",
    "groups",
    "history",
    "jobs",
    "products",
    "references",
    "scopes",
    "users",
]
