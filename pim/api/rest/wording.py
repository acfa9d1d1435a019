"""What refusals are called in the original's words, where it has a sentence of its own for them.

Some clients compare these sentences, and most show them to people who know them. What the
original has no sentence for keeps ours, which names the place and the cure.
"""

from collections.abc import Callable

from pim.content.locales import to_posix
from pim.content.refusals import Refused

# What names nothing: {our word: (what the original expects, what it says does not exist)}.
_NOTHING = {
    "family": ("family code", "family"),
    "family variant": ("family variant code", "family variant"),
    "category": ("category code", "category"),
    "category tree": ("category code", "category"),
    "parent": ("category code", "category"),
    "group": ("group code", "group"),
    "model": ("parent code", "parent product model"),
    "association type": ("association type code", "association type"),
    "attribute": ("attribute code", "attribute"),
    "attribute group": ("code", "attribute group"),
    "currency": ("currency code", "currency"),
    "channel": ("channel code", "channel"),
    "locale": ("locale code", "locale"),
    "measurement family": ("metric family", "metric family"),
}
_TAKEN = {
    "identifier": "The same identifier is already set on another product",
    "uuid": "The same uuid is already set on another product",
}


def wrong_form(refusal: Refused, property_: str) -> str:
    """Return the original's sentence of a refusal that it takes for a wrong form, "" for others.

    That is a code that names nothing: there it answers the first alone, with a link.
    """
    given = refusal.params
    if property_ == "associations" and refusal.code == "unknown_product":
        return (
            'Property "associations" expects a valid product identifier. The product does not '
            f'exist, "{given["name"]}" given.'
        )
    if refusal.code not in ("unknown_code", "unknown_parent", "unknown_type"):
        return ""
    if refusal.code == "unknown_type":
        what, name = ("attribute type", "attribute type"), given["type"]
    elif given.get("address"):
        missing = given.get("what") == "attribute"
        return f"The {given['name']} attribute does not exist in your PIM." if missing else ""
    else:
        word = "attribute group" if property_ == "group" else given.get("what", "")
        what, name = _NOTHING.get(word), given.get("name")
    if not what or property_ in ("", "code", "values"):
        return ""
    return (
        f'Property "{property_}" expects a valid {what[0]}. The {what[1]} does not exist, '
        f'"{name}" given.'
    )


def sentence_of(refusal: Refused, property_: str) -> str:
    """Return what an entry of `errors` says: in the original's words, else in ours."""
    if said := wrong_form(refusal, property_):
        return said
    if refusal.code == "needed" or (refusal.code == "bad_code" and not refusal.params.get("value")):
        return "This value should not be blank."
    if refusal.code == "taken":
        return "This value is already used."
    if refusal.code == "exists":
        same = "The same code is already set on another product model"
        return _TAKEN.get(property_, same)
    if refusal.code == "fixed" and "wish" in refusal.params:
        return "This property cannot be changed."
    if refusal.code == "unknown_option" and refusal.params.get("address"):
        attribute = refusal.params["address"].partition("|")[0]
        return (
            f"The {refusal.params['name']} value is not in the {attribute} attribute option list."
        )
    return refusal.say()


def search_sentence(refusal: Refused) -> str:
    """Return what is wrong with a search: in the original's words, else in ours."""
    read = _SEARCHES.get(refusal.code)
    return (read and read(refusal.field, refusal.params)) or refusal.say()


def _unsupported(name: str, given: dict) -> str:
    operator = given.get("operator", "")
    return f'Filter on property "{name}" is not supported or does not support operator "{operator}"'


def _unknown(name: str, given: dict) -> str:
    what, code = given.get("what"), given.get("name")
    if what == "locale":
        return f'Locale "{to_posix(str(code))}" does not exist or is not activated.'
    if what == "channel":
        return f'Attribute "{name}" expects an existing scope, "{code}" given.'
    if what == "category":
        return f'Category "{code}" does not exist.'
    if what == "currency":
        return (
            f'Property "{name}" expects a valid currency. The currency does not exist, '
            f'"{code}" given.'
        )
    return f'Object "{what}" with code "{code}" does not exist'


_SEARCHES: dict[str, Callable[[str, dict], str]] = {
    "unknown_property": _unsupported,
    "unknown_operator": _unsupported,
    "unknown_code": _unknown,
    "no_operator": lambda name, _given: f'Operator is missing for the property "{name}".',
    "no_channel": lambda name, _given: f'Property "{name}" expects an array with the key "scope".',
    "no_currency": lambda name, _given: (
        f'Property "{name}" expects an array with the key "currency".'
    ),
    "not_a_filter": lambda name, _given: (
        f'Structure of filter "{name}" should respect this structure: '
        f'{{"{name}":[{{"operator": "my_operator", "value": "my_value"}}]}}'
    ),
    "wrong_locale": lambda name, given: (
        "" if "locale" in given else f'Attribute "{name}" expects a locale, none given.'
    ),
    "wrong_channel": lambda name, _given: f'Attribute "{name}" expects a scope, none given.',
}
