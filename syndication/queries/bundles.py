"""The current bundle of a kiosk: one manifest, also where each locale has its own edition."""

import hashlib
import json

import orjson

from syndication import store
from syndication.models import EditionArtefact, Output, Pointer

from .pages import public_outputs


def kiosk_output(code: str) -> Output | None:
    """Return the enabled, public kiosk output of that code, or None."""
    return next(iter(public_outputs(kind="kiosk", code=code)), None)


def manifest(output: Output) -> dict | None:
    """Return the manifest of what is current, None before the first edition.

    Manifests of several locales are merged: the files of all, the app of the output's first.
    """
    pointers = Pointer.objects.filter(output=output).values_list("edition_id", flat=True)
    links = EditionArtefact.objects.filter(
        edition__in=list(pointers), name__startswith="bundle", name__endswith=".json"
    )
    shas = sorted(links.values_list("artefact_id", flat=True))
    found = [orjson.loads(store.local(sha).read_bytes()) for sha in shas]
    return merge(found, order=output.locales) if found else None


def merge(manifests: list[dict], *, order: list[str]) -> dict:
    """Return one manifest of several; its version is the digest of all their files."""
    if len(manifests) == 1:
        return manifests[0]
    place = {locale: n for n, locale in enumerate(order)}
    manifests = sorted(manifests, key=lambda m: place.get(m["locales"][0]["locale"], len(place)))
    files = {file["url"]: file for each in manifests for file in each["files"]}
    listed = [files[url] for url in sorted(files)]
    return {
        **manifests[0],
        "version": hashlib.sha256(json.dumps(listed).encode()).hexdigest(),
        "created": max(each["created"] for each in manifests),
        "edition": max(each["edition"] for each in manifests),
        "locales": [row for each in manifests for row in each["locales"]],
        "files": listed,
    }


def bundle_file(output: Output, name: str) -> EditionArtefact | None:
    """Return a file of any edition of the output; its name holds a digest, so any will do."""
    rows = EditionArtefact.objects.filter(edition__output=output, name=name)
    return rows.select_related("artefact").order_by("-edition__number").first()
