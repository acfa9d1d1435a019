"""Query parameters of products: what is to be found, and how much of it is to be shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.http import HttpRequest

from pim.content.locales import to_bcp47
from pim.content.rights import EVERYTHING, Rights
from pim.content.structure import Structure
from pim.models import Channel
from pim.models.connections import PUBLISHED
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

from ..errors import RestError, format_error

_FLAGS = (
    "with_attribute_options",
    "with_table_select_options",
    "with_completenesses",
    "with_quality_scores",
    "with_origin",
    "convert_measurements",
)
_ASKED = {"search", "search_locale", "search_scope", "scope", "locales", "attributes", *_FLAGS}
_OF_DRAFTS = {"with_quality_scores"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants to see of every product; None stands for everything.

    `units` are {measurement attribute: the unit that its values are shown in}.
    """

    attributes: frozenset[str] | None = None
    channel: str | None = None
    locales: frozenset[str] | None = None
    flags: frozenset[str] = frozenset()
    published_only: bool = False
    rights: Rights = EVERYTHING
    units: Mapping[str, str] = field(default_factory=dict)

    def shows(self, attribute: str, channel: str, locale: str) -> bool:
        """Return whether the value at an address is among what is wanted."""
        return (
            (self.attributes is None or attribute in self.attributes)
            and (not channel or self.channel in (None, channel))
            and (not locale or self.locales is None or locale in self.locales)
        )


def take_search(request: HttpRequest, document: dict) -> None:
    """Make a document say what is searched and shown, in place of the address; raises 422."""
    unknown = sorted(document.keys() - _ASKED)
    if unknown:
        raise format_error(f'Property "{name[:100]}" does not exist.' for name in unknown)
    request.asked = {name: _as_text(name, value) for name, value in document.items()}


def _as_text(name: str, value: Any) -> str:
    """Return a member of a document as it would stand in an address."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ",".join(value)
    if name == "search" and isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    if value is None or isinstance(value, str):
        return value or ""
    raise format_error([f'Property "{name}" expects a string, a boolean or a list of strings.'])


def _asked(request: HttpRequest) -> Mapping[str, str]:
    return getattr(request, "asked", request.GET)


def read_wanted(request: HttpRequest, structure: Structure) -> Wanted:
    """Return what the request wants to see; raises 422 naming what does not exist."""
    given = _asked(request)
    rights = rights_of(request.user)
    channel = given.get("scope") or None
    if channel is not None and channel not in channels_of(structure, rights):
        raise RestError(422, f'Scope "{channel}" does not exist.')
    published_only = request.connection.reads == PUBLISHED
    flags = frozenset(name for name in _FLAGS if given.get(name) == "true")
    return Wanted(
        attributes=_codes(given.get("attributes"), _attributes(structure, rights), "Attribute"),
        channel=channel,
        locales=locales_in(given.get("locales"), channel, structure, rights),
        flags=flags - _OF_DRAFTS if published_only else flags,
        published_only=published_only,
        rights=rights,
        units=_units(channel) if "convert_measurements" in flags else {},
    )


def _units(channel: str | None) -> Mapping[str, str]:
    """Return {attribute: unit} that a channel converts measurements to; raises 422."""
    if channel is None:
        raise RestError(
            422, 'The "scope" query parameter is required when "convert_measurements" is true.'
        )
    return Channel.objects.values_list("conversion_units", flat=True).get(code=channel) or {}


def channels_of(structure: Structure, rights: Rights) -> Collection[str]:
    """Return the channels that there are for the reader: what is hidden is not there."""
    return [code for code in structure.channels if rights.channel(code)]


def _attributes(structure: Structure, rights: Rights) -> Collection[str]:
    if rights.unlimited:
        return structure.attributes
    return {a.code for a in structure.attributes.values() if rights.attribute(a)}


def read_search(request: HttpRequest) -> dict:
    """Return the search document of a request as `find_products` takes it, {} without one."""
    text = _asked(request).get("search")
    if not text:
        return {}
    try:
        search = orjson.loads(text)
    except orjson.JSONDecodeError:
        search = None
    if search == []:
        return {}
    if not isinstance(search, dict):
        raise RestError(400, "Search query parameter should be valid JSON.")
    return search


def read_search_place(request: HttpRequest) -> dict[str, str]:
    """Return the locale and channel of tests that name none; raises 422 for what is none."""
    given = _asked(request)
    channel = given.get("search_scope", "")
    if not channel and not given.get("search_locale"):
        return {}
    structure, rights = load_structure(), rights_of(request.user)
    if channel and channel not in channels_of(structure, rights):
        raise RestError(422, f'Scope "{channel[:100]}" does not exist.')
    locales = locales_in(given.get("search_locale"), None, structure, rights)
    if locales and len(locales) > 1:
        raise RestError(422, 'Parameter "search_locale" has to be one locale.')
    return {"locale": next(iter(locales or ("",))), "channel": channel}


def _codes(text: str | None, known, what: str) -> frozenset[str] | None:
    if not text:
        return None
    codes = frozenset(_parts(text))
    lost = [code for code in _parts(text) if code not in known]
    if lost:
        raise RestError(422, _lacks(what, lost, "does not exist", "do not exist"))
    return codes


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _lacks(what: str, codes: list[str], one: str, many: str) -> str:
    """Return the original's sentence on codes: `Locales "a, b" do not exist or …`."""
    named = ", ".join(code[:100] for code in codes)
    return f'{what} "{named}" {one}.' if len(codes) == 1 else f'{what}s "{named}" {many}.'


def locales_in(
    text: str | None, channel: str | None, structure: Structure, rights: Rights
) -> frozenset | None:
    """Return the locales that a parameter names, else the channel's, None for all; raises 422."""
    of_channel = structure.channels[channel].locales if channel else None
    if not text:
        return frozenset(of_channel) if of_channel is not None else None
    codes = {given: to_bcp47(given) for given in _parts(text)}
    seen = {code for code in structure.locales if rights.locale(code)}
    lost = [given for given, code in codes.items() if code not in seen]
    if lost:
        none = ("does not exist or is not activated", "do not exist or are not activated")
        raise RestError(422, _lacks("Locale", lost, *none))
    away = [given for given, code in codes.items() if code not in of_channel] if channel else []
    if away:
        place = f'activated for the scope "{channel}"'
        raise RestError(422, _lacks("Locale", away, f"is not {place}", f"are not {place}"))
    return frozenset(codes.values())
