"""Asset families and their assets, as connectors of the original read them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim import files
from pim.actions.assets import take_upload
from pim.actions.naming_assets import AssetWish, NamedAsset, name_asset
from pim.actions.rest_documents.forms import checked, labels_out, same_code
from pim.content.locales import is_locale, to_bcp47
from pim.content.refusals import Refused
from pim.files.serving import file_response
from pim.models import Asset, AssetFamily
from pim.queries.asset_media import find_medium, media_code

from ..access import actor_of, require
from ..answers import item_answer, json_answer, require_match, tag_of, url_of, written
from ..bodies import takes_document, takes_list
from ..collections import Line, list_answers
from ..endpoints import endpoint
from ..errors import RestError, format_error, not_found, validation_error
from .attributes import ALL_ASSETS as ALL
from .changed import Changed
from .places import read_locales
from .records import listed_values
from .resource import cursor_by_code
from .search import filtered

MEDIA, ALT, CAPTION = "media", "label", "caption"
MEDIA_HEADER = "Asset-media-file-code"
_TEXTS = {ALT: "alt", CAPTION: "caption"}
_ATTRIBUTES = [
    {
        "code": code,
        "labels": {},
        "type": kind,
        "value_per_locale": local,
        "value_per_channel": False,
        "is_required_for_completeness": False,
        "is_read_only": False,
        **more,
    }
    for code, kind, local, more in (
        (MEDIA, "media_file", False, {"allowed_extensions": [], "media_type": "image"}),
        (ALT, "text", True, {"is_textarea": False}),
        (CAPTION, "text", True, {"is_textarea": True}),
    )
]


def list_families(request: HttpRequest) -> HttpResponse:
    """Answer a page of families; the first page begins with the family of all assets."""
    require(request, "view", "asset")
    first = [] if request.GET.get("search_after") else [_all()]
    return cursor_by_code(
        request,
        AssetFamily.objects.exclude(code=ALL),
        present=lambda rows: [*first, *map(_family, rows)],
        href=lambda item: url_of(request, "asset-families", item["code"]),
    )


def get_family(request: HttpRequest, code: str) -> HttpResponse:
    """Answer one family."""
    require(request, "view", "asset")
    row = AssetFamily.objects.filter(code=code).first()
    if row is None and code != ALL:
        raise not_found("asset family", code)
    return item_answer(request, _family(row) if row else _all())


def _family(row: AssetFamily) -> dict:
    return {**_all(), "code": row.code, "labels": labels_out(row.labels)}


def _all() -> dict:
    return {
        "code": ALL,
        "labels": {},
        "attribute_as_main_media": MEDIA,
        "naming_convention": {},
        "product_link_rules": [],
        "transformations": [],
    }


def list_attributes(request: HttpRequest, owner: str) -> HttpResponse:
    """Answer what an asset consists of: the same in all families."""
    _rows(request, owner)
    return json_answer(_ATTRIBUTES)


def get_attribute(request: HttpRequest, owner: str, code: str) -> HttpResponse:
    """Answer one of these."""
    _rows(request, owner)
    found = next((a for a in _ATTRIBUTES if a["code"] == code), None)
    if found is None:
        raise not_found("attribute", code)
    return item_answer(request, found)


def _rows(request: HttpRequest, family: str) -> QuerySet:
    """Return the assets of a family; raises 404."""
    require(request, "view", "asset")
    if family == ALL:
        return Asset.objects.order_by("code")
    if not AssetFamily.objects.filter(code=family).exists():
        raise not_found("asset family", family)
    return Asset.objects.filter(family__code=family).order_by("code")


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
    file = media_code(row.original_sha256, row.filename)
    link = {"href": url_of(request, "asset-media-files", *file.split("/"))}
    media = {"locale": None, "channel": None, "data": file, "_links": {"download": link}}
    return {
        "code": row.code,
        "values": {MEDIA: [media], **listed_values(texts, read_locales(request))},
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
    known = Asset.objects.filter(code=code).exists()
    require(request, "change" if known else "add", "asset")
    types = {"code": "string", "values": "map"}
    given = checked(document, types=types, ignored=("created", "updated"))
    texts, media = _values(given.get("values") or {})
    family = None if owner == ALL else AssetFamily.objects.get(code=owner)
    wish = AssetWish(code, media=media, family=family, texts=texts)
    try:
        return name_asset(wish, actor=actor_of(request), at=timezone.now())
    except Refused as refusal:
        raise validation_error([refusal]) from refusal


def _values(values: dict[str, Any]) -> tuple[dict[str, dict], str]:
    """Return the texts and the code of the file, "" where none is named."""
    texts: dict[str, dict] = {}
    media = ""
    for name, entries in values.items():
        if name not in (MEDIA, *_TEXTS) or not isinstance(entries, list):
            raise format_error([f'Property "{name[:50]}" does not exist.'])
        if name == MEDIA:
            media = _media(entries)
        else:
            texts[_TEXTS[name]] = dict(_text(name, entry) for entry in entries)
    return texts, media


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


def create_media(request: HttpRequest) -> HttpResponse:
    """Take a file in that an asset is to name; 201 with its code in a header of its own."""
    require(request, "add", "asset")
    file = request.FILES.get("file")
    if file is None:
        raise RestError(422, 'Property "file" is required.')
    how = {"actor": actor_of(request), "at": timezone.now()}
    code = take_upload(file, filename=file.name or "file", **how)
    location = url_of(request, "asset-media-files", *code.split("/"))
    response = written(location, created=True)
    response.headers[MEDIA_HEADER] = code
    return response


def download(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the bytes of a media file, never to be shown as a page of ours."""
    require(request, "view", "asset")
    found = find_medium(code)
    if found is None:
        raise not_found("media file", code)
    medium, filename = found
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{medium.sha256}"',
    }
    how = {"filename": filename, "content_type": medium.media_type, "headers": headers}
    name = files.name_of(medium.sha256)
    try:
        return file_response(files.assets(), name, as_attachment=True, **how)
    except FileNotFoundError:
        raise not_found("media file", code) from None


families, family = endpoint(GET=list_families), endpoint(GET=get_family)
attributes, attribute = endpoint(GET=list_attributes), endpoint(GET=get_attribute)
assets = endpoint(GET=list_assets, PATCH=patch_assets)
asset = endpoint(GET=get_asset, PATCH=patch_asset)
new_media = endpoint(POST=create_media)
media = endpoint(GET=download, accepts_any=True)
