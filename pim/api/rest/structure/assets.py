"""Asset families and their assets, as connectors of the original read them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim import files
from pim.actions.assets import describe_asset
from pim.actions.rest_documents.forms import checked, labels_out, same_code
from pim.content.locales import is_locale, to_bcp47
from pim.content.refusals import Refused
from pim.files.serving import file_response
from pim.models import Asset, AssetFamily

from ..access import actor_of, require
from ..answers import item_answer, json_answer, require_match, tag_of, url_of, written
from ..bodies import takes_document, takes_list
from ..collections import Line, list_answers
from ..endpoints import endpoint
from ..errors import RestError, format_error, not_found, validation_error
from .attributes import ALL_ASSETS as ALL
from .records import listed
from .resource import cursor_by_code
from .search import filtered

MEDIA, ALT, CAPTION = "media", "label", "caption"
_TEXTS = {ALT: "alt", CAPTION: "caption"}
_ATTRIBUTES = [
    {
        "code": code,
        "labels": {},
        "type": kind,
        "value_per_locale": local,
        "value_per_channel": False,
        "is_required_for_completeness": False,
        "is_read_only": code == MEDIA,
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
    rows = filtered(request, _rows(request, owner), fields={"code": ("code", str)})
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
    link = {"href": url_of(request, "asset-media-files", row.code)}
    media = {"locale": None, "channel": None, "data": row.code, "_links": {"download": link}}
    return {
        "code": row.code,
        "values": {MEDIA: [media], **{n: listed(t) for n, t in texts.items() if t}},
        "created": row.created_at.isoformat(timespec="seconds"),
    }


@takes_document
def patch_asset(request: HttpRequest, document: dict, owner: str, code: str) -> HttpResponse:
    """Change what is said of an asset; files come in through media-files."""
    row = _found(request, owner, code)
    require_match(request, tag_of(_asset(request, row)))
    changed = _describe(request, row, same_code(document, code))
    location = url_of(request, "asset-families", owner, "assets", code)
    return written(location, created=False, changed=changed)


@takes_list
def patch_assets(request: HttpRequest, documents: list, owner: str) -> HttpResponse:
    """Change what is said of many assets: a JSON list in, a list with one answer each out."""
    rows = _rows(request, owner)

    def write(batch: list[Line]) -> None:
        codes = [line.document["code"] for line in batch]
        known = {row.code: row for row in rows.filter(code__in=codes)}
        for line in batch:
            try:
                row = known.get(line.document["code"])
                if row is None:
                    raise not_found("asset", line.document["code"])
                changed = _describe(request, row, line.document)
                line.accept(created=False, changed=changed)
            except RestError as error:
                line.refuse(error)

    return json_answer(list_answers(documents, write=write))


def _describe(request: HttpRequest, row: Asset, document: dict) -> bool:
    require(request, "change", "asset")
    types = {"code": "string", "values": "map"}
    given = checked(document, types=types, ignored=("created", "updated"))
    texts = _texts(given.get("values") or {}, row)
    before = row.row_version
    try:
        after = describe_asset(row, actor=actor_of(request), at=timezone.now(), **texts)
    except Refused as refusal:
        raise validation_error([refusal]) from refusal
    return after.row_version != before


def _texts(values: dict[str, Any], row: Asset) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for name, entries in values.items():
        if name == MEDIA and isinstance(entries, list):
            _require_same_media(entries, row)
            continue
        if name not in _TEXTS or not isinstance(entries, list):
            raise format_error([f'Property "{name[:50]}" does not exist.'])
        found[_TEXTS[name]] = dict(_text(name, entry) for entry in entries)
    return found


def _require_same_media(entries: list, row: Asset) -> None:
    if [entry.get("data") for entry in entries if isinstance(entry, dict)] != [row.code]:
        raise RestError(422, "The file of an asset cannot be exchanged here.")


def _text(name: str, entry: Any) -> tuple[str, str]:
    locale = entry.get("locale") if isinstance(entry, dict) else None
    data = entry.get("data") if isinstance(entry, dict) else None
    good = isinstance(locale, str) and is_locale(locale) and isinstance(data, str | None)
    if not good:
        raise format_error([f'Property "{name}" expects a text per locale.'])
    return to_bcp47(locale), data or ""


def download(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the bytes of an asset, never to be shown as a page of ours."""
    row = _found(request, ALL, code)
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{row.sha256}"',
    }
    how = {"filename": row.filename, "content_type": row.media_type, "headers": headers}
    try:
        return file_response(files.assets(), files.name_of(row.sha256), as_attachment=True, **how)
    except FileNotFoundError:
        raise not_found("media file", code) from None


families, family = endpoint(GET=list_families), endpoint(GET=get_family)
attributes, attribute = endpoint(GET=list_attributes), endpoint(GET=get_attribute)
assets = endpoint(GET=list_assets, PATCH=patch_assets)
asset = endpoint(GET=get_asset, PATCH=patch_asset)
media = endpoint(GET=download, accepts_any=True)
