"""The kinds of structure in the order of the move: whatever is named is there before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pim.actions.rest_documents import attributes, channels, entities, plain, records
from pim.actions.upserts import upsert_structure
from pim.content.locales import is_locale, to_bcp47
from pim.models import Attribute, Family, ReferenceEntity

Adapt = Callable[[dict, "Known"], dict | None]


@dataclass
class Known:
    """What documents are fitted to: the attributes that have arrived, and a word for gaps."""

    attributes: set[str]
    left_out: Callable[[str], None]
    owner: str = ""

    def only(self, codes: Iterable[str]) -> list[str]:
        """Return those of the attributes that are here."""
        found = []
        for code in codes:
            if code in self.attributes:
                found.append(code)
            else:
                self.left_out(code)
        return found


def _as_it_is(document: dict, _known: Known) -> dict | None:
    return document


@dataclass(frozen=True)
class Stage:
    """One list of the other system: where it stands, and how its documents are written.

    `owners` lists whose lists there are, the owner's code goes into `address` and, as
    `owner_field`, into the documents. `whole` lists are written at once, as their documents hang
    on one another. An `optional` list is missing in some editions. `adapt` fits a document, None
    passes over it.
    """

    code: str
    address: str
    types: Mapping[str, str]
    read: Callable[[dict], dict]
    ignored: tuple[str, ...] = ()
    write: Callable[..., list] = upsert_structure
    kind: str = ""
    owners: Callable[[], list[str]] | None = None
    owner_field: str = ""
    whole: bool = False
    optional: bool = False
    adapt: Adapt = _as_it_is

    def upsert(self, documents: list[dict], **how: Any) -> list:
        """Write our documents."""
        return self.write(self.kind or self.code, documents, mode="upsert", **how)


def _of_form(code: str, address: str, form: plain.Form, **more: Any) -> Stage:
    return Stage(code, address, form.types, form.read, form.ignored, **more)


def _locale(document: dict, _known: Known) -> dict | None:
    code = document.get("code")
    good = document.get("enabled") and isinstance(code, str) and is_locale(code)
    return {"code": to_bcp47(code), "enabled": True} if good else None


def _channel(document: dict, known: Known) -> dict:
    """Return the channel with the units of attributes that are here."""
    units = document.get("conversion_units")
    if not isinstance(units, dict):
        return document
    here = known.only(units)
    return {**document, "conversion_units": {name: units[name] for name in here}}


def _currency(document: dict, _known: Known) -> dict | None:
    return {"code": document.get("code"), "enabled": True} if document.get("enabled") else None


def _group(document: dict, _known: Known) -> dict:
    # Attributes come later and name their group themselves.
    return {name: value for name, value in document.items() if name != "attributes"}


def _attribute(document: dict, _known: Known) -> dict:
    if document.get("type") == "pim_catalog_identifier" and document.get("is_main_identifier") is (
        False
    ):
        # A product has one identifier here; the others are texts that no two products share.
        return {**document, "type": "pim_catalog_text", "unique": True}
    return document


def _category(document: dict, _known: Known) -> dict:
    place = document.get("position")
    return {**document, "sort_order": place} if isinstance(place, int) else document


def _read_category(document: dict) -> dict:
    ours = plain.CATEGORIES.read(document)
    return {**ours, **{n: document[n] for n in ("sort_order",) if n in document}}


def _family(document: dict, known: Known) -> dict:
    required = document.get("attribute_requirements") or {}
    labels = {
        name: document.get(name) if document.get(name) in known.attributes else None
        for name in ("attribute_as_label", "attribute_as_image")
    }
    return {
        **document,
        **labels,
        "attributes": known.only(document.get("attributes") or []),
        "attribute_requirements": {
            channel: [code for code in codes if code in known.attributes]
            for channel, codes in dict(required).items()
        },
    }


def _variant(document: dict, known: Known) -> dict:
    sets = document.get("variant_attribute_sets") or []
    return {
        **document,
        "variant_attribute_sets": [
            {**one, "attributes": known.only(one.get("attributes") or [])} for one in sets
        ],
    }


def _codes(model, **which: Any) -> Callable[[], list[str]]:
    return lambda: list(model.objects.filter(**which).order_by("code").values_list("code", flat=1))


_SELECTS = {"kind__in": ("select", "multiselect")}
_CODE = {"code": "string", "enabled": "boolean"}
_PLACED = {**plain.CATEGORIES.types, "sort_order": "integer"}


def _same(document: dict) -> dict:
    return dict(document)


BEFORE_ATTRIBUTES = [
    Stage("locales", "locales", _CODE, _same, adapt=_locale),
    Stage("currencies", "currencies", _CODE, _same, adapt=_currency),
]
STAGES = [
    _of_form("attribute_groups", "attribute-groups", plain.GROUPS, adapt=_group),
    Stage(
        "reference_entities", "reference-entities", entities.TYPES, entities.read,
        write=entities.write, optional=True,
    ),
    Stage(
        "attributes", "attributes", attributes.TYPES, attributes.read, attributes.IGNORED,
        write=attributes.write, adapt=_attribute,
    ),
    _of_form(
        "options", "attributes/{owner}/options", plain.OPTIONS,
        owners=_codes(Attribute, **_SELECTS), owner_field="attribute", optional=True,
    ),
    Stage(
        "categories", "categories?with_position=true", _PLACED, _read_category,
        plain.CATEGORIES.ignored, whole=True, adapt=_category,
    ),
    Stage(
        "channels", "channels", channels.TYPES, channels.read, write=channels.write,
        adapt=_channel,
    ),
    _of_form("families", "families", plain.FAMILIES, adapt=_family),
    _of_form(
        "family_variants", "families/{owner}/variants", plain.VARIANTS, owners=_codes(Family),
        owner_field="family", optional=True, adapt=_variant,
    ),
    _of_form("association_types", "association-types", plain.ASSOCIATION_TYPES),
]  # fmt: skip
RECORDS = Stage(
    "reference_records", "reference-entities/{owner}/records", records.TYPES, records.read,
    records.IGNORED, write=records.write, owners=_codes(ReferenceEntity), owner_field="entity",
    optional=True,
)  # fmt: skip
