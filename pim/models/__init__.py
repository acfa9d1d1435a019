"""The nouns of product content."""

from .aliases import CodeAlias
from .among import Among
from .asset_families import AssetFamily
from .assets import MEDIA_KINDS, Asset, Upload
from .attributes import (
    KINDS,
    ROLES,
    Attribute,
    AttributeGroup,
    AttributeOption,
    MeasurementFamily,
)
from .catalogs import Catalog
from .categories import AssociationType, Category, Group, GroupType
from .connections import Connection, ConnectionToken, KeptAnswer, RequestWindow
from .edits import Edit
from .facts import AVAILABILITIES, AvailabilityFact, PriceFact, PriceList
from .families import Family, FamilyAttribute, FamilyVariant, FamilyVariantAttribute, Requirement
from .history import (
    Change,
    Counter,
    ImportMark,
    LogEntry,
    PlannedPublication,
    Version,
)
from .imports import ImportProfile
from .jobs import FINAL, Job, JobLine
from .products import (
    ITEM,
    MODEL,
    Association,
    Completeness,
    Draft,
    FilterValue,
    GtinClaim,
    Product,
    UniqueValue,
)
from .published import (
    PublishedCategory,
    PublishedCompleteness,
    PublishedFilterValue,
    PublishedGroup,
    PublishedProduct,
    PublishedValues,
)
from .quality import (
    QUALITY_KINDS,
    Quality,
    QualityDay,
    QualityReason,
    QualityRule,
    QualityState,
    TextPrint,
)
from .references import ReferenceEntity, ReferenceRecord
from .roles import Role
from .rules import ExportProfile, Rule
from .scopes import Audience, Channel, Currency, Locale
from .translations import OutdatedTranslation, TranslationMemory
from .workflow import Comment, Notice, Review, Task

__all__ = [
    "AVAILABILITIES",
    "FINAL",
    "ITEM",
    "KINDS",
    "MEDIA_KINDS",
    "MODEL",
    "QUALITY_KINDS",
    "ROLES",
    "Among",
    "Asset",
    "AssetFamily",
    "Association",
    "AssociationType",
    "Attribute",
    "AttributeGroup",
    "AttributeOption",
    "Audience",
    "AvailabilityFact",
    "Catalog",
    "Category",
    "Change",
    "Channel",
    "CodeAlias",
    "Comment",
    "Completeness",
    "Connection",
    "ConnectionToken",
    "Counter",
    "Currency",
    "Draft",
    "Edit",
    "ExportProfile",
    "Family",
    "FamilyAttribute",
    "FamilyVariant",
    "FamilyVariantAttribute",
    "FilterValue",
    "Group",
    "GroupType",
    "GtinClaim",
    "ImportMark",
    "ImportProfile",
    "Job",
    "JobLine",
    "KeptAnswer",
    "Locale",
    "LogEntry",
    "MeasurementFamily",
    "Notice",
    "OutdatedTranslation",
    "PlannedPublication",
    "PriceFact",
    "PriceList",
    "Product",
    "PublishedCategory",
    "PublishedCompleteness",
    "PublishedFilterValue",
    "PublishedGroup",
    "PublishedProduct",
    "PublishedValues",
    "Quality",
    "QualityDay",
    "QualityReason",
    "QualityRule",
    "QualityState",
    "ReferenceEntity",
    "ReferenceRecord",
    "RequestWindow",
    "Requirement",
    "Review",
    "Role",
    "Rule",
    "Task",
    "TextPrint",
    "TranslationMemory",
    "UniqueValue",
    "Upload",
    "Version",
]
