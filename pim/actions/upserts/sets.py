"""Many-to-many sets of structural rows, read and written for all rows at once."""

from collections import defaultdict

from .hidden import Hidden
from .nouns import Noun


def read_sets(noun: Noun, entries: list, hidden: Hidden) -> dict[str, dict[int, set[int]]]:
    """Return {field: {row id: held ids}}, and note on the entries which sets differ.

    What the actor cannot see of a set is wished with what they name.
    """
    held: dict[str, dict[int, set[int]]] = {}
    for name in noun.sets:
        touched = [e for e in entries if e.live and f"@{name}" in e.document]
        if not touched:
            continue
        held[name] = _held(noun, name, [e.row.pk for e in touched if not e.new])
        for entry in touched:
            before = held[name].get(entry.row.pk, set())
            kept = before & hidden.ids(noun.sets[name])
            entry.document[f"@{name}"] = [*entry.document[f"@{name}"], *sorted(kept)]
            entry.differs(name, sorted(before), sorted(entry.document[f"@{name}"]))
    return held


def write_sets(noun: Noun, entries: list, held: dict[str, dict[int, set[int]]]) -> None:
    """Make every set what its document says, set-wise."""
    for name, before in held.items():
        through, source, target = _through(noun, name)
        made, gone = [], []
        for entry in entries:
            if not entry.live or f"@{name}" not in entry.document:
                continue
            wish, has = set(entry.document[f"@{name}"]), before.get(entry.row.pk, set())
            made += [(entry.row.pk, other) for other in sorted(wish - has)]
            gone += [(entry.row.pk, other) for other in has - wish]
        through.objects.bulk_create(
            [through(**{source: one, target: other}) for one, other in made], batch_size=500
        )
        for one, other in gone:
            through.objects.filter(**{source: one, target: other}).delete()


def _held(noun: Noun, name: str, ids: list[int]) -> dict[int, set[int]]:
    through, source, target = _through(noun, name)
    found: dict[int, set[int]] = defaultdict(set)
    rows = through.objects.filter(**{f"{source}__in": ids}).values_list(source, target)
    for one, other in rows if ids else ():
        found[one].add(other)
    return dict(found)


def _through(noun: Noun, name: str):
    field = noun.model._meta.get_field(name)
    through = field.remote_field.through
    return through, f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
