"""Files in a bucket: the storages that PIM_FILES=s3://bucket/prefix stands for."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def bucket_storages(
    url: str, *, endpoint: str = "", region: str = "", key: str = "", secret: str = ""
) -> dict[str, dict]:
    """Return the entries of STORAGES: `files` for the shelves, `default` for files of jobs.

    Without key and secret, boto3 looks for credentials where it always does (AWS_* variables,
    the host's role). Raises ImproperlyConfigured.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc or parts.query or "@" in parts.netloc:
        raise ImproperlyConfigured("PIM_FILES is s3://bucket or s3://bucket/prefix, or empty.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "PIM_FILES names a bucket: install the extra `s3` (pip install 'pim-syndication[s3]')."
        )
    if bool(key) != bool(secret):
        raise ImproperlyConfigured("Set both PIM_S3_KEY and PIM_S3_SECRET, or neither.")
    prefix = parts.path.strip("/")
    options = {
        "bucket_name": parts.netloc,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": key or None,
        "secret_key": secret or None,
        "signature_version": "s3v4",
        "default_acl": None,
        # Servers of one's own rarely have a name per bucket.
        "addressing_style": "path" if endpoint else "auto",
    }
    media = {**options, "location": f"{prefix}/media".strip("/"), "file_overwrite": False}
    return {
        "files": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {**options, "location": prefix},
        },
        "default": {"BACKEND": "pim.files.media.BucketMedia", "OPTIONS": media},
    }
