"""The parameters `locales` and `channel` of lists of records and assets."""

from django.http import HttpRequest

from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

from ..errors import RestError
from ..products.parameters import channels_of, locales_in


def read_locales(request: HttpRequest) -> frozenset[str] | None:
    """Return the locales of the values that are wanted, None for all; raises 422.

    Values here are the same in all channels: a channel is looked up and leaves them alone.
    """
    channel, locales = request.GET.get("channel", ""), request.GET.get("locales", "")
    if not channel and not locales:
        return None
    structure, rights = load_structure(), rights_of(request.user)
    if channel and channel not in channels_of(structure, rights):
        raise RestError(422, f'Channel "{channel[:100]}" does not exist.')
    return locales_in(locales, None, structure, rights)
