"""Asset families as documents: labels, and the naming rule that attaches assets to products."""

from typing import Any

from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.models import AssetFamily, Attribute
from pim.queries.structure import load_structure

from .entities import read as read_labelled
from .naming import MEDIA, naming_in, naming_out

# The family of all assets, which is no row.
ALL = "assets"
TYPES = {
    "code": "string",
    "labels": "labels",
    "attribute_as_main_media": "string?",
    "naming_convention": "map",
    "product_link_rules": "any",
}
# Renditions are made by need, sharing is a matter of the other system.
IGNORED = ("transformations", "sharing_enabled")
NAMES = {"pattern": "naming_convention", "attribute": "product_link_rules"}


def read(document: dict) -> dict:
    """Return our document of theirs; its naming rule is read where the family is known."""
    named = {name: document[name] for name in NAMES.values() if name in document}
    refusals = []
    if document.get("attribute_as_main_media") not in (None, MEDIA):
        sentence = _("The file of an asset is its attribute “media” here: name that one.")
        refusals.append(
            InvalidValue(sentence, code="not_main_media", field="attribute_as_main_media")
        )
    return {**read_labelled(document), "@named": named, "@refusals": refusals}


def document_out(row: AssetFamily) -> dict[str, Any]:
    """Return a family as clients know it, with the code and labels left to the caller."""
    attribute = row.attribute.code if row.attribute else ""
    return {
        "attribute_as_main_media": MEDIA,
        **naming_out(row.pattern, attribute, main=_main()),
        "transformations": [],
    }


def write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write families; what a document does not say of the naming rule stays as it is."""
    codes = [document["code"] for document in documents]
    rows = AssetFamily.objects.filter(code__in=codes).select_related("attribute")
    held = {row.code: document_out(row) for row in rows}
    for document in documents:
        named = document.pop("@named")
        try:
            document |= _fitting(document["code"], named, held.get(document["code"], {}))
        except Refused as refusal:
            document["@refusals"].append(refusal)
    return upsert_structure(kind, documents, actor=actor, at=at, mode=mode)


def _fitting(code: str, named: dict, held: dict) -> dict:
    """Return the fields of the naming rule that the document changes; raises `Refused`."""
    if code == ALL:
        sentence = _("“%(name)s” is the family of all assets: it cannot be changed.")
        raise InvalidValue(sentence, code="fixed", field="code", name=ALL)
    if not named or all(held.get(name) == value for name, value in named.items()):
        return {}
    whole = {name: named.get(name, held.get(name)) for name in NAMES.values()}
    pattern, attribute = naming_in(*whole.values(), main=_main())
    if attribute and not Attribute.objects.filter(code=attribute, kind="media").exists():
        raise UnknownCode(what="media attribute", name=attribute, field="attribute")
    limit = AssetFamily._meta.get_field("pattern").max_length
    if len(pattern) > limit:
        sentence = _("The naming rule has more than %(limit)s characters here: make it shorter.")
        raise InvalidValue(sentence, code="too_long", field="pattern", limit=limit)
    return {"pattern": pattern, "attribute": attribute or None}


def _main() -> str:
    return getattr(load_structure().identifier_attribute, "code", "identifier")
