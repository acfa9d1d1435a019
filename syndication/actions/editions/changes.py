"""What an edition shows that the one being served does not: item by item, with old and new."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import orjson

from syndication.models import Edition, EditionChange

from .compare import Difference
from .render import bodies_of

BATCH = 500
LONGEST = 4000  # characters of a text that is shown, old or new
Details = list[tuple]


class Frozen(NamedTuple):
    """One line of a frozen set: the unit, its identifier, {locale: members}."""

    unit: int
    identifier: str
    listings: dict[str, list[list]]

    def digests(self) -> Iterator[str]:
        """Yield the digests of bodies and facts."""
        for members in self.listings.values():
            for _product, *digests in members:
                yield from filter(None, digests)


def write_changes(edition: Edition, found: Difference | None) -> None:
    """Write the change list of an edition, in place of what was there; None: it is the first."""
    EditionChange.objects.filter(edition=edition).delete()
    if found is None:
        return
    old = {line.unit: line for line in map(_parsed, found.gone)}
    new = {line.unit: line for line in map(_parsed, found.fresh)}
    units = iter(sorted(old.keys() | new.keys()))
    while some := list(islice(units, BATCH)):
        pairs = [(old.get(unit), new.get(unit)) for unit in some]
        EditionChange.objects.bulk_create(_rows(edition, pairs))


def _parsed(line: bytes) -> Frozen:
    return Frozen(*orjson.loads(line))


def _rows(edition: Edition, pairs: list[tuple[Frozen | None, Frozen | None]]):
    lines = [line for pair in pairs for line in pair if line]
    texts = bodies_of({digest for line in lines for digest in line.digests()})
    bodies = {digest: orjson.loads(text) for digest, text in texts.items()}
    for old, new in pairs:
        details = _details(old, new, bodies) if old and new else []
        if old and new and not details:
            continue  # only what nobody sees differs: a picture's other size, say
        kind = EditionChange.CHANGED if old and new else "added" if new else "removed"
        yield EditionChange(
            edition=edition,
            identifier=(new or old).identifier[:255],
            name=_name(new or old, bodies)[:500],
            kind=kind,
            details=orjson.dumps(details).decode(),
        )


def _name(line: Frozen, bodies: dict) -> str:
    _product, digest, *_facts = next(iter(line.listings.values()))[0]
    return str(bodies.get(digest, {}).get("name") or "")


def _details(old: Frozen, new: Frozen, bodies: dict) -> Details:
    found: Details = []
    for locale, members in new.listings.items():
        before = {product: digests for product, *digests in old.listings.get(locale, [])}
        for product, *digests in members:
            found += _of_member(before.pop(product, None), digests, bodies, locale=locale)
        found += [
            (locale, _identifier(bodies, digests[0]), "@variant", _told(bodies, digests[0]), None)
            for digests in before.values()
        ]
    return found


def _of_member(old: list | None, new: list, bodies: dict, *, locale: str) -> Details:
    identifier = _identifier(bodies, new[0])
    if old is None:
        return [(locale, identifier, "@variant", None, _told(bodies, new[0]))]
    before, after = (_shown(*(bodies.get(digest) or {} for digest in some)) for some in (old, new))
    return [
        (locale, identifier, what, before.get(what), after.get(what))
        for what in dict.fromkeys([*after, *before])
        if before.get(what) != after.get(what)
    ]


def _identifier(bodies: dict, digest: str) -> str:
    return bodies.get(digest, {}).get("identifier", "")


def _told(bodies: dict, digest: str) -> str:
    return bodies.get(digest, {}).get("name", "")


def _shown(body: dict, facts: dict) -> dict:
    """Return what people see of a listing, by what it is called in a change list."""
    values = {code: _cut(value[0]) for code, value in (body.get("values") or {}).items()}
    ties = {
        f"@tie:{code}": [tie["identifier"] for tie in found]
        for code, found in (body.get("associations") or {}).items()
    }
    prices = [
        {name: price[name] for name in ("currency", "amount", "min_quantity") if name in price}
        for price in facts.get("prices") or ()
    ]
    about = {"@name": body.get("name"), "@image": body.get("image")}
    places = {"@categories": body.get("categories"), "@packaging": body.get("packaging")}
    return {**about, **values, **places, **ties, "@prices": prices or None}


def _cut(data):
    return f"{data[:LONGEST]} …" if isinstance(data, str) and len(data) > LONGEST else data
