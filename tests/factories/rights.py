"""Limited people for tests: rights and actors from a few words."""

from pim.content.actor import Actor
from pim.content.rights import AREAS, Rights, read_grants


def grants(**areas) -> dict:
    """Return a grants document; what is not named is "publish", a word goes for a whole area."""
    document = {}
    for area in AREAS:
        given = areas.get(area, "publish")
        document[area] = {"*": given} if isinstance(given, str) else {"*": "publish", **given}
    return document


def rights(*documents: dict) -> Rights:
    """Return the rights of one role per document."""
    return Rights(tuple(read_grants(document) for document in documents))


def limited(name: str = "tove", source: str = "admin", **areas) -> Actor:
    """Return somebody with one role of those grants."""
    return Actor(name, source, rights(grants(**areas)))


def translator() -> Actor:
    """Return somebody who may only write Finnish."""
    return limited(
        group={"@structure": "view"}, locale={"*": "view", "fi": "edit"}, category="publish"
    )
