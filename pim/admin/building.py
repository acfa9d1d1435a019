"""What the builders of conditions and operations need to know: attributes, choices, words."""

from typing import Any

from django.utils.translation import gettext as translate

from pim.content.seen import seen_structure
from pim.content.structure import Structure
from pim.models import Group
from pim.queries.operations import WORDS
from pim.queries.search.attributes import KINDS as ATTRIBUTE_OPERATORS
from pim.queries.search.fields import FIELDS, STATES
from pim.queries.search.words import operator_in_words
from pim.queries.structure import load_structure

from .context import label_of, told_apart, working_context

MOST_CHOICES = 300
_SHOWN_FIELDS = (
    "family", "categories", "groups", "enabled", "role", "state", "completeness", "identifier",
    "parent", "is_root", "text",
)  # fmt: skip


def vocabulary(request) -> dict[str, Any]:
    """Return the document that `pim/build.js` reads, in the reader's language."""
    whole = load_structure()
    context = working_context(request, whole)
    structure = seen_structure(whole, context.rights)
    locale = context.locale
    choices = {name: _choices(getattr(structure, name), locale) for name in (
        "families", "family_variants", "association_types", "channels",
    )}  # fmt: skip
    choices["groups"] = _product_groups(structure, locale)
    return {
        "locale": locale,
        "channel": context.channel,
        "locales": [[c, c] for c, held in structure.locales.items() if held.enabled],
        "channels": choices["channels"],
        "currencies": sorted(structure.currencies),
        "groups": _groups(structure, locale),
        "attributes": [_attribute(a, structure, locale) for a in _sorted(structure)],
        "categories": _categories(structure, locale),
        "productGroups": choices["groups"],
        "families": choices["families"],
        "variants": [
            [code, label, structure.family_variants[code].family]
            for code, label in choices["family_variants"]
        ],
        "associations": choices["association_types"],
        "fields": [_field(name, structure, locale, choices["groups"]) for name in _SHOWN_FIELDS],
        "operators": {k: _operators(held[0]) for k, held in ATTRIBUTE_OPERATORS.items()},
        "operations": [[code, translate(word)] for code, word in WORDS.items()],
        "words": _words(),
    }


def _choices(held: dict, locale: str) -> list[list[str]]:
    labels = {code: label_of(definition, locale) for code, definition in held.items()}
    return [[code, label] for code, label in told_apart(labels)]


def _product_groups(structure: Structure, locale: str) -> list[list[str]]:
    rows = Group.objects.all() if structure.product_groups else ()
    labels = {row.code: label_of(row, locale) for row in rows}
    return [[code, label] for code, label in told_apart(labels) if code in structure.product_groups]


def _sorted(structure: Structure) -> list:
    found = [a for a in structure.attributes.values() if a != structure.identifier_attribute]
    return sorted(found, key=lambda a: (a.sort, a.code))


def _groups(structure: Structure, locale: str) -> list[list[str]]:
    ordered = sorted(structure.groups.values(), key=lambda g: (g.sort, g.code))
    return [[group.code, label_of(group, locale)] for group in ordered]


def _attribute(attribute, structure: Structure, locale: str) -> dict[str, Any]:
    found = {
        "code": attribute.code,
        "label": label_of(attribute, locale),
        "kind": attribute.kind,
        "group": attribute.group,
        "localizable": attribute.localizable,
        "scopable": attribute.scopable,
    }
    options = structure.options.get(attribute.code, {})
    if attribute.kind in ("select", "multiselect") and len(options) <= MOST_CHOICES:
        ordered = sorted(options.values(), key=lambda o: (o.sort, o.code))
        found["options"] = [[option.code, label_of(option, locale)] for option in ordered]
    if attribute.kind == "measurement":
        family = structure.measurements.get(attribute.measurement_family)
        units = family.units if family else {}
        found["units"] = [[code, unit.get("symbol") or code] for code, unit in units.items()]
        found["unit"] = attribute.default_unit
    return found


def _categories(structure: Structure, locale: str) -> list[list[str]] | None:
    if len(structure.categories) > 10 * MOST_CHOICES:
        return None  # typed by their codes
    paths = (
        (" › ".join(_step(structure, step, locale) for step in c.path), code)
        for code, c in structure.categories.items()
    )
    return [[code, path] for path, code in sorted(paths)]


def _step(structure: Structure, code: str, locale: str) -> str:
    known = structure.categories.get(code)
    return label_of(known, locale) if known else f"[{code}]"


def _field(name: str, structure: Structure, locale: str, groups: list) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": name,
        "label": _field_words()[name],
        "operators": _operators(FIELDS[name][0]),
    }
    choices = {
        "groups": lambda: groups,
        "role": lambda: [["item", translate("Item")], ["model", translate("Model")]],
        "state": lambda: [[code, _state_words()[code]] for code in STATES],
    }
    if name in choices:
        found["choices"] = choices[name]()
    found["truth"] = name in ("enabled", "is_root")
    found["whole"] = found["perChannel"] = name == "completeness"
    if name == "completeness":
        found["operators"] = found["operators"][:6]
    return found


def _operators(codes) -> list[list[str]]:
    return [[code, operator_in_words(code)] for code in codes]


def _field_words() -> dict[str, str]:
    return {
        "family": translate("Family"),
        "categories": translate("Category"),
        "groups": translate("Product group"),
        "enabled": translate("Enabled"),
        "role": translate("Item or model"),
        "state": translate("Publication"),
        "completeness": translate("Completeness in %"),
        "identifier": translate("Identifier"),
        "parent": translate("Parent"),
        "is_root": translate("Without a parent"),
        "text": translate("Identifier or name"),
    }


def _state_words() -> dict[str, str]:
    return {
        "unpublished": translate("Draft differs from what is published"),
        "never": translate("Never published"),
        "published": translate("Published as it is"),
        "withdrawn": translate("Withdrawn"),
    }


def _words() -> dict[str, str]:
    return {
        "attribute": translate("Attribute …"),
        "property": translate("Property …"),
        "product": translate("Product"),
        "operation": translate("What to do"),
        "operator": translate("Comparison"),
        "locale": translate("Locale"),
        "channel": translate("Channel"),
        "all": translate("all"),
        "value": translate("Value"),
        "yes": translate("Yes"),
        "no": translate("No"),
        "empty": translate("empty on purpose"),
        "unknown": translate("unknown"),
        "na": translate("not applicable"),
        "codes": translate("Codes, parted by commas"),
        "add": translate("Add"),
        "take": translate("Remove"),
        "instead": translate("Leave only these"),
        "from": translate("From"),
        "to": translate("Into"),
        "find": translate("Find"),
        "with": translate("Replace with"),
        "anyCase": translate("any case"),
        "wholeWords": translate("whole words only"),
        "ifEmpty": translate("only where there is nothing"),
        "template": translate("Text with {attributes}"),
        "insert": translate("Insert"),
        "unit": translate("Unit"),
        "decimals": translate("Decimals"),
        "otherwise": translate("Other values"),
        "keep": translate("are left as they are"),
        "clear": translate("are cleared"),
        "type": translate("Type …"),
        "none": translate("No family"),
        "noVariant": translate("No family variant"),
        "parent": translate("Code of the model, nothing for none"),
        "on": translate("Enable"),
        "off": translate("Disable"),
        "row": translate("Row"),
        "up": translate("Further up"),
        "drop": translate("Remove"),
    }
