"""A server on loopback that speaks S3, and installations that keep their files in it."""

import itertools
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

from pim.files import cache
from pim.project.bucket import bucket_storages

LOGIN = {"key": "tester", "secret": "only-for-tests"}
REGION = "eu-north-1"
_numbers = itertools.count(1)


@contextmanager
def running():
    """Yield the address of a fresh server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def client(endpoint: str):
    """Return a client of the server, beside ours."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=LOGIN["key"],
        aws_secret_access_key=LOGIN["secret"],
    )


def new_bucket(endpoint: str) -> str:
    name = f"files-{next(_numbers)}"
    client(endpoint).create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    return name


def move_in(settings, endpoint: str, folder, *, bucket: str = "") -> str:
    """Have the settings keep files in a bucket, with a cache in `folder`; return the bucket."""
    bucket = bucket or new_bucket(endpoint)
    made = bucket_storages(f"s3://{bucket}/pim", endpoint=endpoint, region=REGION, **LOGIN)
    settings.STORAGES = {**settings.STORAGES, **made}
    settings.FILES_CACHE_ROOT = folder / "cache"
    for name in ("asset", "artefact", "media"):
        root = {"asset": "assets", "artefact": "artefacts", "media": "media"}[name]
        setattr(settings, f"{name.upper()}_ROOT", folder / "cache" / root)
    settings.SCRATCH_ROOT = folder / "scratch"
    cache._since = 0
    return bucket


def keys(endpoint: str, bucket: str) -> list[str]:
    """Return the names of all objects in the bucket."""
    answer = client(endpoint).list_objects_v2(Bucket=bucket)
    return sorted(row["Key"] for row in answer.get("Contents", ()))
