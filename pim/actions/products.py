"""Writing products: the one set-wise path for a single edit and for a bulk import."""

from .removal import delete_product
from .writing.intents import ProductWrite, WriteResult
from .writing.run import ManyRefused, save_product, write_products

__all__ = [
    "ManyRefused",
    "ProductWrite",
    "WriteResult",
    "delete_product",
    "save_product",
    "write_products",
]
