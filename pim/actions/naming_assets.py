"""Naming files that were sent before: they become assets with a code, a family and texts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.models import Asset, AssetFamily, Upload
from pim.queries.asset_media import find_medium

from .asset_values import fill_asset
from .assets import asset_of_file, describe_asset, refuse_hidden_asset
from .attaching import put_in_family


@dataclass(frozen=True, slots=True)
class AssetWish:
    """What an asset is to be: `media` names its file, `texts` are {alt | caption: {locale: text}}.

    `values` are clean, {field of its family: {locale or "": data}}, None takes one away. Without
    a `family` it stays in the one it has.
    """

    code: str
    media: str = ""
    family: AssetFamily | None = None
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedAsset:
    """The asset, and whether it was made or changed."""

    asset: Asset
    created: bool
    changed: bool


def name_asset(wish: AssetWish, *, actor: Actor, at: datetime) -> NamedAsset:
    """Make the asset of that code, or change its file, its texts and its family.

    A new one takes over its family's rights and goes to the product that its file name names.
    Raises `Refused`, of an asset that is hidden from the actor as of one that they may not make.
    """
    refuse_hidden_asset(wish.code, actor.rights)
    with transaction.atomic():
        held = Asset.objects.select_for_update().filter(code=wish.code).first()
        before = held and (held.row_version, held.family_id)
        _refuse_impossible(held, wish)
        asset = _with_file(held, wish, actor=actor, at=at)
        asset = describe_asset(asset, actor=actor, at=at, **wish.texts)
        if wish.family and asset.family_id != wish.family.id:
            put_in_family(asset, wish.family, actor=actor, at=at)
            asset.refresh_from_db()
        fill_asset(asset, wish.values, actor=actor, at=at)
    changed = before != (asset.row_version, asset.family_id)
    return NamedAsset(asset, created=held is None, changed=changed)


def _refuse_impossible(held: Asset | None, wish: AssetWish) -> None:
    if held is None and not wish.media:
        raise InvalidValue(
            _("A new asset needs its file: send it first and name it in media."),
            code="file_missing",
            field="media",
        )
    if held and wish.family and held.family_id not in (None, wish.family.id):
        raise InvalidValue(
            _("The asset “%(name)s” is in the family %(family)s: codes of assets are given once."),
            code="other_family",
            field="code",
            name=held.code,
            family=held.family.code,
        )


def _with_file(held: Asset | None, wish: AssetWish, *, actor: Actor, at: datetime) -> Asset:
    """Return the asset with the file that is named; an upload is used up by it."""
    if not wish.media:
        return held
    found = find_medium(wish.media, rights=actor.rights)
    if found is None:
        raise UnknownCode(what="media file", name=wish.media, field="media")
    medium, filename = found
    if held and medium.sha256 == held.sha256:
        return held
    asset = asset_of_file(wish.code, medium, filename=filename, actor=actor, at=at)
    if isinstance(medium, Upload):
        medium.delete()
    return asset
