"""Values of assets: what the fields of their family say beside file, text and caption."""

from datetime import datetime
from typing import Any

from pim.content.actor import Actor
from pim.models import Asset
from pim.queries.media_rights import rights_over

from .assets import log_asset, refuse_locale


def fill_asset(
    asset: Asset, given: dict[str, dict[str, Any]], *, actor: Actor, at: datetime
) -> Asset:
    """Set clean values, {field: {locale or "": data}}; None takes one away, the others stay."""
    after = {**asset.values}
    for name, by_locale in given.items():
        held = {**after.get(name, {}), **by_locale}
        after[name] = {locale: data for locale, data in held.items() if data is not None}
    after = {name: by_locale for name, by_locale in after.items() if by_locale}
    before = asset.values
    if after == before:
        return asset
    rights = rights_over(asset, actor.rights)
    for locale in sorted(_touched(before, after)):
        refuse_locale(locale, rights)
    asset.values = after
    asset.row_version += 1
    asset.save(update_fields=["values", "row_version"])
    log_asset(asset, "describe", {"values": before}, {"values": after}, actor=actor, at=at)
    return asset


def _touched(before: dict, after: dict) -> set[str]:
    """Return the locales whose data differ."""
    found = set()
    for name in {*before, *after}:
        held, wish = before.get(name, {}), after.get(name, {})
        found |= {locale for locale in {*held, *wish} if held.get(locale) != wish.get(locale)}
    return found
