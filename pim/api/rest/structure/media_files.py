"""Files that are sent before what names them, and their bytes: of assets, of reference entities."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim import files
from pim.actions.assets import take_upload
from pim.files.serving import file_response
from pim.queries.asset_media import find_medium
from pim.queries.rights import rights_of

from ..access import actor_of, require
from ..answers import url_of, written
from ..endpoints import endpoint
from ..errors import RestError, not_found


@dataclass(frozen=True)
class Files:
    """Where files of one sort are sent; `header` says the code of one that was taken in."""

    address: str
    header: str

    def url(self, request: HttpRequest, code: str) -> str:
        """Return the absolute address of the bytes."""
        return url_of(request, self.address, *code.split("/"))

    def download(self, request: HttpRequest, code: str) -> dict:
        """Return the link to the bytes as values have it."""
        return {"_links": {"download": {"href": self.url(request, code)}}}


ASSET_FILES = Files("asset-media-files", "Asset-media-file-code")
ENTITY_FILES = Files("reference-entities-media-files", "Reference-entities-media-file-code")


def new_file(sort: Files) -> Callable:
    """Return the endpoint that takes files in."""

    def create(request: HttpRequest) -> HttpResponse:
        require(request, "add", "asset")
        file = request.FILES.get("file")
        if file is None:
            raise RestError(422, 'Property "file" is required.')
        how = {"actor": actor_of(request), "at": timezone.now()}
        code = take_upload(file, filename=file.name or "file", **how)
        response = written(sort.url(request, code), created=True)
        response.headers[sort.header] = code
        return response

    return endpoint(POST=create)


def download(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the bytes of a media file, never to be shown as a page of ours."""
    require(request, "view", "asset")
    found = find_medium(code, rights=rights_of(request.user))
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


file = endpoint(GET=download, accepts_any=True)
