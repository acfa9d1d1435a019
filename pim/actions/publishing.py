"""Everything about publishing in one place: now, in part, at a date, taken back, restored."""

from .planning import cancel_publication, plan_publication, run_due_publications
from .publication import PublishResult, publish_products, withdraw_products
from .restoring import Restored, restore_product

__all__ = [
    "PublishResult",
    "Restored",
    "cancel_publication",
    "plan_publication",
    "publish_products",
    "restore_product",
    "run_due_publications",
    "withdraw_products",
]
