"""Assets of asset families, as connectors of the original read and write them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.assets import delete_asset
from pim.actions.naming_assets import AssetWish, NamedAsset, name_asset
from pim.actions.rest_documents import records as theirs
from pim.actions.rest_documents.asset_families import ALL
from pim.actions.rest_documents.forms import checked, same_code
from pim.content.locales import is_locale, to_bcp47
from pim.content.record_fields import clean_field, clean_place
from pim.content.refusals import Refused
from pim.models import Asset, AssetFamily
from pim.queries.asset_media import media_code
from pim.queries.media_rights import visible_media
from pim.queries.rights import rights_of
from pim.tasks import ring_followers

from ..access import actor_of, require
from ..answers import deleted, item_answer, json_answer, require_match, tag_of, url_of, written
from ..bodies import takes_document, takes_list
from ..collections import Line, list_answers
from ..endpoints import endpoint
from ..errors import RestError, format_error, not_found, validation_error
from .asset_families import ALT, CAPTION, MEDIA
from .changed import Changed
from .handlers import cursor_by_code
from .media_files import ASSET_FILES
from .places import read_locales
from .records import listed_values
from .search import filtered

_TEXTS = {ALT: "alt", CAPTION: "caption"}


def _rows(request: HttpRequest, family: str) -> QuerySet:
    """Return the assets of a family; raises 404."""
    require(request, "view", "asset")
    rows = Asset.objects.select_related("family").order_by("code")
    rows = visible_media(rows, rights_of(request.user))
    if family == ALL:
        return rows
    if not AssetFamily.objects.filter(code=family).exists():
        raise not_found("asset family", family)
    return rows.filter(family__code=family)


def list_assets(request: HttpRequest, owner: str) -> HttpResponse:
    """Answer a page of assets."""
    fields = {"code": ("code", str), "updated": ("asset", Changed)}
    rows = filtered(request, _rows(request, owner), fields=fields)
    return cursor_by_code(
        request,
        rows,
        present=lambda found: [_asset(request, row) for row in found],
        href=lambda item: url_of(request, "asset-families", owner, "assets", item["code"]),
    )


def get_asset(request: HttpRequest, owner: str, code: str) -> HttpResponse:
    """Answer one asset."""
    return item_answer(request, _asset(request, _found(request, owner, code)))


def _found(request: HttpRequest, owner: str, code: str) -> Asset:
    row = _rows(request, owner).filter(code=code).first()
    if row is None:
        raise not_found("asset", code)
    return row


def _asset(request: HttpRequest, row: Asset) -> dict:
    texts = {name: getattr(row, field) for name, field in _TEXTS.items()}
    fields = [field["code"] for field in row.family.fields] if row.family else []
    own = {name: row.values[name] for name in fields if name in row.values}
    file = media_code(row.original_sha256, row.filename)
    media = {"locale": None, "channel": None, "data": file} | ASSET_FILES.download(request, file)
    return {
        "code": row.code,
        "values": {MEDIA: [media], **listed_values(texts | own, read_locales(request))},
        "created": row.created_at.isoformat(timespec="seconds"),
    }


@takes_document
def patch_asset(request: HttpRequest, document: dict, owner: str, code: str) -> HttpResponse:
    """Make an asset of a file that was sent before, or change its file and what is said of it."""
    row = _rows(request, owner).filter(code=code).first()
    require_match(request, tag_of(_asset(request, row)) if row else None)
    done = _save(request, same_code(document, code), owner, code)
    location = url_of(request, "asset-families", owner, "assets", code)
    return written(location, created=done.created, changed=done.changed)


def remove_asset(request: HttpRequest, owner: str, code: str) -> HttpResponse:
    """Delete one asset."""
    require(request, "delete", "asset")
    row = _found(request, owner, code)
    require_match(request, tag_of(_asset(request, row)))
    delete_asset(row, actor=actor_of(request), at=timezone.now())
    transaction.on_commit(ring_followers)
    return deleted()


@takes_list
def patch_assets(request: HttpRequest, documents: list, owner: str) -> HttpResponse:
    """Make or change many assets: a JSON list in, a list with one answer each out."""
    _rows(request, owner)

    def write(batch: list[Line]) -> None:
        for line in batch:
            try:
                done = _save(request, line.document, owner, line.document["code"])
                line.accept(created=done.created, changed=done.changed)
            except RestError as error:
                line.refuse(error)

    return json_answer(list_answers(documents, write=write))


def _save(request: HttpRequest, document: dict, owner: str, code: str) -> NamedAsset:
    held = Asset.objects.select_related("family").filter(code=code).first()
    require(request, "change" if held else "add", "asset")
    types = {"code": "string", "values": "map"}
    given = checked(document, types=types, ignored=("created", "updated"))
    family = None if owner == ALL else AssetFamily.objects.get(code=owner)
    home = family or (held.family if held else None)
    texts, media, values = _values(given.get("values") or {}, home.fields if home else [])
    wish = AssetWish(code, media=media, family=family, texts=texts, values=values)
    try:
        return name_asset(wish, actor=actor_of(request), at=timezone.now())
    except Refused as refusal:
        raise validation_error([refusal]) from refusal


def _values(values: dict[str, Any], fields: list[dict]) -> tuple[dict[str, dict], str, dict]:
    """Return the texts, the code of the file, "" where none is named, and values of the fields."""
    texts: dict[str, dict] = {}
    media, own = "", {}
    known = {field["code"]: field for field in fields}
    for name, entries in values.items():
        if name not in (MEDIA, *_TEXTS, *known):
            raise format_error([f'Property "{name[:50]}" does not exist.'])
        if not theirs.is_list(entries):
            raise format_error([f'Property "{name[:50]}" expects a list of values.'])
        if name == MEDIA:
            media = _media(entries)
        elif name in known:
            own[name] = dict(_value(known[name], entry) for entry in entries)
        else:
            texts[_TEXTS[name]] = dict(_text(name, entry) for entry in entries)
    return texts, media, own


def _value(field: dict, entry: dict) -> tuple[str, Any]:
    place = f"values.{field['code']}"
    locale = clean_place(field, entry.get("locale"), entry.get("channel"), place=place)
    return locale, clean_field(field, entry["data"])


def _media(entries: list) -> str:
    data = entries[0].get("data") if entries and isinstance(entries[0], dict) else None
    if len(entries) != 1 or not isinstance(data, str) or not data:
        raise RestError(422, "An asset has one file: name it by its code.")
    return data


def _text(name: str, entry: Any) -> tuple[str, str]:
    locale = entry.get("locale") if isinstance(entry, dict) else None
    data = entry.get("data") if isinstance(entry, dict) else None
    good = isinstance(locale, str) and is_locale(locale) and isinstance(data, str | None)
    if not good:
        raise format_error([f'Property "{name}" expects a text per locale.'])
    return to_bcp47(locale), data or ""


assets = endpoint(GET=list_assets, PATCH=patch_assets)
asset = endpoint(GET=get_asset, PATCH=patch_asset, DELETE=remove_asset)
