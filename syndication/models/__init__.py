"""The nouns of syndication."""

from .artefacts import Artefact, EditionArtefact, Pointer
from .brands import Brand, BrandChange
from .deliveries import Delivery, DeliveryAttempt
from .editions import FINAL, ISSUED, STATES, AuditEntry, Edition, EditionPart, ItemError
from .events import TYPES, Event, HookDelivery, Webhook
from .fragments import Fragment, FragmentSet
from .listings import (
    LIVE,
    REMOVED,
    WITHHELD,
    ChannelSequence,
    ContextDocument,
    Listing,
    ListingBody,
    ListingCategory,
    ListingGtin,
    LogCursor,
    StaleMark,
    Use,
)
from .outbox import OutboxEntry
from .outputs import ApiKey, Output
from .proofs import EditionChange, EditionPage, PageComment
from .touchpoints import ScanCount, Touchpoint

__all__ = [
    "FINAL",
    "ISSUED",
    "LIVE",
    "REMOVED",
    "STATES",
    "TYPES",
    "WITHHELD",
    "ApiKey",
    "Artefact",
    "AuditEntry",
    "Brand",
    "BrandChange",
    "ChannelSequence",
    "ContextDocument",
    "Delivery",
    "DeliveryAttempt",
    "Edition",
    "EditionArtefact",
    "EditionChange",
    "EditionPage",
    "EditionPart",
    "Event",
    "Fragment",
    "FragmentSet",
    "HookDelivery",
    "ItemError",
    "Listing",
    "ListingBody",
    "ListingCategory",
    "ListingGtin",
    "LogCursor",
    "OutboxEntry",
    "Output",
    "PageComment",
    "Pointer",
    "ScanCount",
    "StaleMark",
    "Touchpoint",
    "Use",
    "Webhook",
]
