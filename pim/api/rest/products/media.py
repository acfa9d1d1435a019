"""Media files: taken in for a product or a model, listed, and handed out."""

from pathlib import PurePosixPath

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags, quote_etag

from pim import files
from pim.actions.assets import ingest_asset
from pim.actions.products import ProductWrite
from pim.actions.rest_documents.products import BY_UUID, MODELS, PRODUCTS, Noun
from pim.content.address import Address
from pim.content.locales import to_bcp47
from pim.files.serving import file_response
from pim.models import Asset
from pim.queries.media_rights import visible_media
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

from ..access import actor_of, require
from ..answers import item_answer, url_of
from ..bodies import refuse_nul
from ..endpoints import endpoint
from ..errors import RestError, not_found
from ..paging import list_answer
from .media_codes import asset_codes, file_code
from .reading import named
from .values import holds_many
from .writing import write_one


def list_media(request: HttpRequest) -> HttpResponse:
    """Answer a page of media files."""
    require(request, "view", "asset")

    def present(found: list[Asset]) -> list[dict]:
        return [_document(request, asset) for asset in found]

    def href(document: dict) -> str:
        return url_of(request, "media-files", document["code"])

    rows = visible_media(Asset.objects.order_by("id"), rights_of(request.user))
    return list_answer(request, rows, present=present, href=href)


def get_media(request: HttpRequest, code: str) -> HttpResponse:
    """Answer what is known of one media file."""
    return item_answer(request, _document(request, _asset(request, code)))


def download_media(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the bytes of one media file, never to be shown as a page of ours."""
    asset = _asset(request, code)
    name, tag = files.name_of(asset.sha256), quote_etag(asset.sha256)
    if not files.assets().look(name):
        raise RestError(404, f'Media file "{code}" is not present on the filesystem.')
    headers = {
        "ETag": tag,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    if tag in {t.removeprefix("W/") for t in parse_etags(request.headers.get("If-None-Match", ""))}:
        return HttpResponse(status=304, headers=headers)
    return file_response(
        files.assets(),
        name,
        as_attachment=True,
        filename=asset.filename,
        content_type=asset.media_type,
        headers=headers,
    )


def create_media(request: HttpRequest) -> HttpResponse:
    """Take a file in and give it to the attribute of a product or model; 201 with Location."""
    require(request, "add", "asset")
    require(request, "change", "product")
    noun, wish = _wish(request)
    file = request.FILES.get("file")
    if file is None:
        raise RestError(422, 'Property "file" is required.')
    with transaction.atomic():
        # What the product refuses is not taken in either.
        asset = ingest_asset(
            file, filename=file.name or "file", actor=actor_of(request), at=timezone.now()
        )
        _give(request, noun, wish, asset.code)
    code = file_code(asset.code, asset.filename, asset.media_type)
    return HttpResponse(
        status=201,
        headers={"Location": url_of(request, "media-files", code)},
        content_type="application/json",
    )


def _wish(request: HttpRequest) -> tuple[Noun, dict]:
    """Return whom the file is for: {identifier | code, attribute, locale, scope}."""
    given = [name for name in ("product", "product_model") if name in request.POST]
    if len(given) == 2:
        raise RestError(422, 'You should give either a "product" or a "product_model" key.')
    if not given:
        raise RestError(
            422,
            'You should at least give one of the following properties: "product" or '
            '"product_model".',
        )
    text = request.POST[given[0]]
    if given[0] == "product_model":
        return MODELS, _parsed(text, MODELS)
    # A product without identifier is named by its uuid.
    by_uuid = '"uuid"' in text and '"identifier"' not in text
    noun = BY_UUID if by_uuid else PRODUCTS
    return noun, _parsed(text, noun)


def _parsed(text: str, noun: Noun) -> dict:
    try:
        wish = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RestError(400, "Invalid json message received") from None
    refuse_nul(text.encode(), wish)
    names = (noun.key, "attribute")
    texts = isinstance(wish, dict) and all(isinstance(wish.get(name), str) for name in names)
    if not texts or any(not isinstance(wish.get(n), str | None) for n in ("locale", "scope")):
        raise RestError(
            422,
            f'{noun.what} property must contain "{noun.key}", "attribute", "locale" and "scope" '
            "properties.",
        )
    return wish


def _give(request: HttpRequest, noun: Noun, wish: dict, code: str) -> None:
    """Set the value; an attribute that holds many gets the file in addition."""
    held = named(request, noun, wish[noun.key]).first()
    if held is None:
        raise RestError(422, f'{noun.what} "{wish[noun.key]}" does not exist.')
    locale = wish.get("locale") or ""
    address = Address(
        wish["attribute"], wish.get("scope") or "", to_bcp47(locale) if locale else ""
    )
    attribute = load_structure().attributes.get(address.attribute)
    if attribute is not None and attribute.kind != "media":
        raise RestError(422, f'The attribute "{attribute.code}" holds no media files.')
    write = ProductWrite(held.identifier, values={address: code}, inherits=True)
    if attribute is not None and holds_many(attribute):
        write.values[address] = [*_held(held, address), code]
        write.expected_version = held.row_version
    write_one(request, write, noun)


def _held(product, address: Address) -> list[str]:
    values = product.drafts.filter(locale=address.locale).values_list("values", flat=True).first()
    held = (values or {}).get(address.attribute, {}).get(address.channel)
    return held if isinstance(held, list) else []


def _asset(request: HttpRequest, code: str) -> Asset:
    require(request, "view", "asset")
    known = asset_codes([code], rights_of(request.user))
    asset = Asset.objects.filter(code=known.get(code)).first()
    if asset is None:
        raise not_found("media file", code)
    return asset


def _document(request: HttpRequest, asset: Asset) -> dict:
    code = file_code(asset.code, asset.filename, asset.media_type)
    href = url_of(request, "media-files", code, "download")
    return {
        "code": code,
        "original_filename": asset.filename,
        "mime_type": asset.media_type,
        "size": asset.size,
        "extension": PurePosixPath(asset.filename).suffix.lstrip(".").lower(),
        "_links": {"download": {"href": href}},
    }


many = endpoint(GET=list_media, POST=create_media)
one = endpoint(GET=get_media)
bytes_of = endpoint(GET=download_media, accepts_any=True)
