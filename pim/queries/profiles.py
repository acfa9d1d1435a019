"""Export and import profiles and quality rules that may be seen: none that names hidden things."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from pim.content.refusals import _
from pim.content.rights import NotAllowed, Rights
from pim.models import ExportProfile, ImportProfile, QualityRule

from .rights import hidden_from


def seen_profiles(rows: QuerySet, rights: Rights) -> QuerySet:
    """Return the profiles or rules that name nothing hidden; no further query without limits."""
    if rights.unlimited:
        return rows
    codes = frozenset().union(*hidden_from(rights).values())
    names = _NAMES[rows.model]
    hidden = [row.pk for row in rows.model.objects.all() if codes & set(_parts(names(row)))]
    return rows.exclude(pk__in=hidden)


def refuse_hidden_profile(row: ExportProfile | ImportProfile | None, rights: Rights) -> None:
    """Raise where a profile of the code that is asked for is hidden: as one not to be made."""
    if row is not None and not seen_profiles(type(row).objects.filter(pk=row.pk), rights).exists():
        raise NotAllowed(_("Your roles do not let you create %(name)s here."), name=row.code)


def _of_export(row: ExportProfile) -> Iterable[Any]:
    settings = row.settings or {}
    named = (settings.get(name) for name in ("columns", "channel", "channels", "locales"))
    return [*named, row.selection]


def _of_import(row: ImportProfile) -> Iterable[Any]:
    columns = (row.mapping or {}).get("columns", ())
    return [[column.get("to") for column in columns if isinstance(column, dict)], row.header]


def _of_rule(row: QualityRule) -> Iterable[Any]:
    return [row.attributes, row.channels, row.locales, (row.params or {}).get("words")]


_NAMES: dict[type, Callable[[Any], Iterable[Any]]] = {
    ExportProfile: _of_export,
    ImportProfile: _of_import,
    QualityRule: _of_rule,
}


def _parts(documents: Iterable[Any]) -> Iterator[str]:
    """Yield every text of the documents, whole and by the parts of an address in it."""
    for document in documents:
        if isinstance(document, dict):
            yield from _parts([*document.keys(), *document.values()])
        elif isinstance(document, list | tuple):
            yield from _parts(document)
        elif isinstance(document, str):
            yield document
            yield from document.split("|")
            # In files a locale is written fi_FI: "name-fi_FI-web".
            yield from document.split("-")
            yield from (part.replace("_", "-") for part in document.split("-"))
