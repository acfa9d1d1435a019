"""Delivery into a bucket: signed here, sent through the one guarded way out; S3 shows it whole."""

import base64
import hashlib
import posixpath
from pathlib import Path
from urllib.parse import parse_qs

from django.utils.translation import gettext_noop as _

from . import http
from .place import Place, Undeliverable, Unreached, safe_name

EXPIRES = 6 * 3600


def send(place: Place, files: list[tuple[str, Path]]) -> None:
    """Put each file below the prefix of `s3://bucket/prefix?endpoint=https://…&region=…`."""
    client = _client(place)
    for name, path in files:
        _put(client, place, name, path)


def try_out(place: Place, name: str, path: Path) -> None:
    """Put a file there and delete it."""
    client = _client(place)
    _put(client, place, name, path)
    url = client.generate_presigned_url("delete_object", Params=_key(place, name))
    http.ask(url, method="DELETE")


def names_of(url: str) -> set[str]:
    """Return the names of what is asked for behind the "?" of an address."""
    return set(parse_qs(Place(url).parts.query, keep_blank_values=True))


def endpoint_of(place: Place) -> str:
    """Return the server that is asked: the address's own, else Amazon's for the region."""
    query = parse_qs(place.parts.query)
    return query.get("endpoint", [f"https://s3.{_region(place)}.amazonaws.com"])[0]


def _region(place: Place) -> str:
    return parse_qs(place.parts.query).get("region", ["us-east-1"])[0]


def _client(place: Place):
    try:
        from boto3.session import Session
        from botocore.config import Config
    except ImportError:
        message = _("Deliveries to S3 need the extra `s3` (pip install 'pim-syndication[s3]').")
        raise Undeliverable(message) from None
    user, password = place.secret.get("user"), place.secret.get("password")
    if not (user and password):
        message = _("The secret holds no access key (…_USER) with its secret (…_PASSWORD).")
        raise Undeliverable(message)
    signed = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    return Session().client(
        "s3",
        endpoint_url=endpoint_of(place),
        region_name=_region(place),
        aws_access_key_id=user,
        aws_secret_access_key=password,
        config=signed,
    )


def _key(place: Place, name: str) -> dict[str, str]:
    key = posixpath.join(place.folder, safe_name(name))
    return {"Bucket": place.parts.hostname or "", "Key": key}


def _put(client, place: Place, name: str, path: Path) -> None:
    """Put one file; the server refuses bytes that do not fit their digest, and is asked for it."""
    with path.open("rb") as stream:
        md5 = base64.b64encode(hashlib.file_digest(stream, _md5).digest()).decode()
    params = {**_key(place, name), "ContentMD5": md5, "ContentType": "application/octet-stream"}
    url = client.generate_presigned_url("put_object", Params=params, ExpiresIn=EXPIRES)
    http.put(url, path, headers={"content-md5": md5})
    url = client.generate_presigned_url("head_object", Params=_key(place, name))
    answer, size = http.ask(url, method="HEAD"), path.stat().st_size
    if answer.status != 200 or answer.headers.get("content-length") != str(size):
        raise Unreached(
            _("The bucket answers %(status)d for a file of %(size)d bytes."),
            status=answer.status,
            size=size,
        )


def _md5():
    return hashlib.md5(usedforsecurity=False)
