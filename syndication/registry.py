"""Output kinds by code: built-ins named here, outsiders by the entry point group below."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from .contract import OutputKind

GROUP = "syndication.outputs"
BUILT_IN = {
    "web_json": "syndication.outputs.web_json:WebJson",
    "catalogue": "syndication.outputs.catalogue:Catalogue",
    "landing": "syndication.outputs.landing:Landing",
    "google_merchant": "syndication.outputs.google_merchant:GoogleMerchant",
    "kiosk": "syndication.outputs.kiosk:Kiosk",
    "data_sheet": "syndication.outputs.data_sheet:DataSheet",
    "labels": "syndication.outputs.labels:LabelSheets",
    "price_list": "syndication.outputs.price_list:PriceList",
    "leaflet": "syndication.outputs.leaflet:Leaflet",
}


def _load(target: str) -> type[OutputKind]:
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


@cache
def targets() -> dict[str, str]:
    """Return {kind code: "module:Class"}; a built-in cannot be replaced by a package."""
    outside = {point.name: point.value for point in entry_points(group=GROUP)}
    return {**outside, **BUILT_IN}


@cache
def output_kind(code: str) -> OutputKind:
    """Return the output kind of that code; KeyError names the kinds there are."""
    if code not in targets():
        raise KeyError(f"No output kind {code!r}; there are: {', '.join(sorted(targets()))}.")
    return _load(targets()[code])()
