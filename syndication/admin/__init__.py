"""The desk's pages of outputs, editions and listings."""

from . import api_keys, brands, editions, listings, outputs, webhooks

__all__ = ["api_keys", "brands", "editions", "listings", "outputs", "webhooks"]
