"""Structure that is read and written as it stands: one form per kind of document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .errors import format_error
from .forms import labels_in, renamed


@dataclass(frozen=True)
class Form:
    """What one kind consists of: its properties as `forms.checked` takes them, and its reader."""

    types: Mapping[str, str]
    read: Callable[[dict], dict]
    ignored: tuple[str, ...] = ()


_FAMILIES_NAMES = {
    "code": "code",
    "attributes": "attributes",
    "attribute_as_label": "label_attribute",
    "attribute_as_image": "image_attribute",
    "attribute_requirements": "requirements",
}


def _read_families(document: dict) -> dict:
    for channel, codes in (document.get("attribute_requirements") or {}).items():
        if not isinstance(codes, list) or not all(isinstance(c, str) for c in codes):
            raise format_error(
                [f'Property "attribute_requirements" expects a list of codes for "{channel}".']
            )
    ours = renamed(document, _FAMILIES_NAMES)
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


FAMILIES = Form(
    {
        "code": "string",
        "attributes": "list",
        "attribute_as_label": "string?",
        "attribute_as_image": "string?",
        "attribute_requirements": "map",
        "labels": "labels",
    },
    _read_families,
)


def _read_variants(document: dict) -> dict:
    ours = renamed(document, {"code": "code"})
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    sets = document.get("variant_attribute_sets")
    if sets is not None:
        _check_sets(sets)
        ours["axes"] = {s["level"]: s["axes"] for s in sets if "axes" in s}
        ours["attributes"] = {s["level"]: s["attributes"] for s in sets if "attributes" in s}
    return ours


def _check_sets(sets: list) -> None:
    wrong = []
    for one in sets if isinstance(sets, list) else [None]:
        if not isinstance(one, dict) or one.get("level") not in (1, 2):
            wrong.append('Property "variant_attribute_sets" expects sets with a level of 1 or 2.')
            continue
        for name in ("axes", "attributes"):
            codes = one.get(name, [])
            if not isinstance(codes, list) or not all(isinstance(c, str) for c in codes):
                wrong.append(f'Property "{name}" expects an array of attribute codes.')
    if wrong:
        raise format_error(wrong)


VARIANTS = Form(
    {
        "code": "string",
        "family": "string",
        "labels": "labels",
        "variant_attribute_sets": "any",
    },
    _read_variants,
    ("common_attributes",),
)


def _read_categories(document: dict) -> dict:
    ours = renamed(document, {"code": "code", "parent": "parent"})
    if "parent" in ours:
        ours["parent"] = ours["parent"] or ""
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


CATEGORIES = Form(
    {"code": "string", "parent": "string?", "labels": "labels"},
    _read_categories,
    ("updated", "position", "values", "channel_requirements"),
)


def _read_options(document: dict) -> dict:
    ours = renamed(document, {"code": "code", "sort_order": "sort_order"})
    if ours.get("sort_order", 0) is None:
        del ours["sort_order"]
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


OPTIONS = Form(
    {
        "code": "string",
        "attribute": "string",
        "sort_order": "integer?",
        "labels": "labels",
    },
    _read_options,
)


_ASSOCIATION_TYPES_NAMES = {"code": "code", "is_two_way": "two_way", "is_quantified": "quantified"}


def _read_association_types(document: dict) -> dict:
    ours = renamed(document, _ASSOCIATION_TYPES_NAMES)
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


ASSOCIATION_TYPES = Form(
    {
        "code": "string",
        "labels": "labels",
        "is_two_way": "boolean",
        "is_quantified": "boolean",
    },
    _read_association_types,
)


def _read_groups(document: dict) -> dict:
    ours = renamed(document, {"code": "code", "sort_order": "sort_order"})
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    if document.get("attributes") is not None:
        ours["@attributes"] = document["attributes"]
    return ours


GROUPS = Form(
    {"code": "string", "sort_order": "integer", "attributes": "list", "labels": "labels"},
    _read_groups,
)
