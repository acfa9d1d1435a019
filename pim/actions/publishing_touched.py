"""Publishing just what a write has touched, address by address, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from pim.content.actor import Actor
from pim.queries.drafts import chunks, read_drafts

from .planning import put_address
from .publication import CHUNK
from .versions import Issue, lock_heads, read_snapshots, store_versions


def publish_touched(
    touched: Mapping[int, Iterable[str]], *, actor: Actor, at: datetime, reason: str = ""
) -> dict[int, int]:
    """Make a version of every product with the touched addresses replaced from its draft.

    `touched` is {product id: keys as in the change log}. What others have left unpublished in
    the draft stays so; a product without a version takes its structure from the draft. What
    differs in nothing gets no version. Returns {product id: version number}.
    """
    numbers: dict[int, int] = {}
    for chunk in chunks(touched, CHUNK):
        with transaction.atomic():
            heads = lock_heads(chunk)
            bases = read_snapshots(head.version_id for head in heads.values())
            drafts = read_drafts(heads)
            issues = [
                Issue(head, _merged(bases.get(head.version_id), drafts[pk].snapshot(), touched[pk]))
                for pk, head in heads.items()
            ]
            numbers |= store_versions(issues, actor=actor, at=at, reason=reason)
    return numbers


def _merged(base: dict | None, draft: dict, keys: Iterable[str]) -> dict:
    base = base or {**draft, "values": {}}
    merged = {**base, "values": {locale: dict(held) for locale, held in base["values"].items()}}
    for key in keys:
        put_address(merged, key, _at(draft, key))
    return {**merged, "values": {locale: held for locale, held in merged["values"].items() if held}}


def _at(draft: dict, key: str):
    if key.startswith("@"):
        return draft[key[1:]]
    attribute, channel, locale = key.split("|")
    return draft["values"].get(locale, {}).get(attribute, {}).get(channel)
