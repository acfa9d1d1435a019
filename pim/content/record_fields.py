"""Fields of records and of assets: what one may hold, by its kind, rules and options.

A field is {code, kind, localizable, labels, rules, options}; `options` of those that choose are
[{code, labels}], `rules` are those of an attribute of the same kind.
"""

from collections.abc import Mapping
from typing import Any

from .kinds import clean
from .locales import is_locale, to_bcp47
from .refusals import InvalidValue, UnknownCode, _
from .states import state_of
from .structure import AttributeDef, OptionDef, Structure

CHOICES = ("select", "multiselect")


def option_codes(field: Mapping[str, Any]) -> list[str]:
    """Return the codes of a field's options, in their order."""
    return [option["code"] for option in field.get("options") or ()]


def clean_field(field: Mapping[str, Any], raw: Any) -> Any:
    """Return the canonical data of a field, None where `raw` means "no value"; raises `Refused`."""
    code, kind = field["code"], field.get("kind", "text")
    if state_of(raw):
        sentence = _("“%(name)s” is said or left out: states are for values of products.")
        raise InvalidValue(sentence, code="no_state", field=code, name=code)
    options = {code: {option: OptionDef(option) for option in option_codes(field)}}
    attribute = AttributeDef(code, kind, rules=field.get("rules") or {})
    data = clean(attribute, raw, Structure(options=options))
    # The medium of a field is one asset.
    return data[0] if kind == "media" and data else data


def clean_place(field: Mapping[str, Any], locale: Any, channel: Any, *, place: str) -> str:
    """Return the locale of a field's value, "" for one that is for all; raises `Refused`.

    `place` is what a refusal is about.
    """
    name = field["code"]
    if bool(locale) != bool(field.get("localizable")) or channel:
        sentence = _("“%(name)s” has a value per locale, or one for all: see its attribute.")
        raise InvalidValue(sentence, code="wrong_locale", field=place, name=name)
    if locale and not (isinstance(locale, str) and is_locale(locale)):
        raise UnknownCode(what="locale", name=str(locale)[:50], field=place)
    return to_bcp47(locale) if locale else ""
