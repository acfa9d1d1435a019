"""Files of a shelf to readers: from the copy here where there is one, else as the bucket sends."""

from django.http import FileResponse

from .folder import FolderShelf


def file_response(shelf: FolderShelf, name: str, **how) -> FileResponse:
    """Return the whole file as a response; FileNotFoundError where it is not on the shelf.

    `how` is what FileResponse takes: content_type, as_attachment, filename, headers.
    """
    found = shelf.glance(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not in the store")
    response = FileResponse(shelf.open(name), **how)
    response["Content-Length"] = str(found.size)
    return response
