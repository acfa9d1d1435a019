"""Who may change what content is made of: the rights on attributes, channels, categories, …"""

from collections.abc import Mapping

from .refusals import _
from .rights import Level, NotAllowed, Rights
from .snapshot import STRUCTURE_SLICE
from .structure import Structure

# What editors keep up in their daily work; everything else is changed by its owners.
_EDITED = frozenset({"record", "group", "asset"})


def needed_level(kind: str) -> Level:
    """Return the level that changing a definition of that kind needs."""
    return Level.EDIT if kind in _EDITED else Level.OWN


def definition_level(rights: Rights, kind: str, code: str, structure: Structure) -> Level:
    """Return the level on a definition; `kind` as in the publication log, `code` likewise.

    Attributes and options belong to their group, categories to their branch. What has no
    area of its own (families, association types, …) belongs to the structure.
    """
    if rights.unlimited:
        return Level.PUBLISH
    if kind in ("attribute", "option"):
        known = structure.attributes.get(code.split("/", 1)[0])
        return rights.group(known.group) if known else rights.rest("group")
    if kind == "attribute_group":
        return rights.group(code)
    if kind == "category":
        known = code in structure.categories
        return rights.category(code, structure) if known else rights.rest("category")
    if kind == "locale":
        return rights.locale(code)
    if kind == "channel":
        return rights.channel(code)
    return rights.group(STRUCTURE_SLICE)


def refuse_definition(
    rights: Rights, kind: str, code: str, structure: Structure, document: Mapping | None = None
) -> None:
    """Raise `NotAllowed` unless the definition may be changed, made or moved as the document says.

    What a document moves needs the level where it is and where it goes.
    """
    levels = [definition_level(rights, kind, code, structure)]
    document = document or {}
    if kind == "attribute" and document.get("group"):
        there = rights.group(document["group"])
        levels = [there, *(levels if code in structure.attributes else ())]
    if kind == "category" and document.get("parent"):
        there = definition_level(rights, kind, document["parent"], structure)
        levels = [there, *(levels if code in structure.categories else ())]
    if min(levels) < needed_level(kind):
        raise not_definable(kind, code)


def not_definable(kind: str, code: str) -> NotAllowed:
    """Return the refusal of a definition that may not be made or changed."""
    return NotAllowed(
        _("Your roles do not let you change the %(what)s “%(name)s”."),
        what=kind.replace("_", " "),
        name=code,
    )
