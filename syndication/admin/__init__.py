"""The desk's pages of outputs, editions and listings."""

from . import api_keys, editions, listings, outputs

__all__ = ["api_keys", "editions", "listings", "outputs"]
