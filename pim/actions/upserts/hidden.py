"""What the actor cannot see, in an upsert: it cannot be named, and it stays where it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models

from pim.content.definitions import needed_level
from pim.content.refusals import UnknownCode, _
from pim.content.rights import NotAllowed, Rights
from pim.models import Asset, Locale, ReferenceRecord
from pim.queries.media_rights import visible_media
from pim.queries.rights import HIDDEN_KINDS, hidden_from
from pim.queries.structure import load_structure

from .entries import Entry
from .nouns import Noun

_PER_LOCALE = ("labels", "guidelines", "intro")


@dataclass
class Hidden:
    """The hidden codes and ids of every kind; none of any where nothing is limited."""

    rights: Rights
    _ids: dict[type[models.Model], frozenset[int]] = field(default_factory=dict)

    @cached_property
    def _codes(self) -> dict[str, frozenset[str]]:
        return hidden_from(self.rights)

    def codes(self, model: type[models.Model]) -> frozenset[str]:
        """Return the codes of a table that are not there for the actor."""
        return self._codes.get(HIDDEN_KINDS.get(model, ""), frozenset())

    def seen(self, model: type[models.Model]) -> models.QuerySet:
        """Return the rows of a table that are there for the actor."""
        if model is Asset:
            return visible_media(Asset.objects.all(), self.rights)
        return model.objects.exclude(code__in=self.codes(model))

    def ids(self, model: type[models.Model]) -> frozenset[int]:
        """Return the ids of a table that are not there for the actor."""
        if model not in self._ids:
            codes = self.codes(model)
            rows = model.objects.filter(code__in=codes).values_list("pk", flat=True)
            self._ids[model] = frozenset(rows if codes else ())
        return self._ids[model]

    def row(self, noun: Noun, key: tuple) -> bool:
        """Return whether the row of that key is not there: hidden, or of a hidden owner."""
        if noun.key[0] == "code":
            return key[0] in self.codes(noun.model)
        return key[0] in self.ids(noun.links[noun.key[0]])

    def keep_links(self, noun: Noun, entries: list[Entry]) -> None:
        """Let what a row hangs on stay where a document clears it without having seen it."""
        for name, model in noun.links.items():
            ids = self.ids(model)
            for entry in entries if ids else ():
                held = getattr(entry.row, f"{name}_id") if entry.row else None
                if held in ids and not entry.document.get(name, True):
                    del entry.document[name]

    def refuse_texts(self, entries: list[Entry]) -> None:
        """Refuse texts in hidden locales, whatever they say."""
        locales = self.codes(Locale)
        for entry in entries if locales else ():
            for name in _PER_LOCALE:
                named = sorted(locales & set(entry.document.get(name) or ()))
                if named:
                    sentence = _("Your roles do not let you write in %(locale)s.")
                    entry.refuse(NotAllowed(sentence, field=name, locale=named[0]))

    def refuse_media(self, noun: Noun, entries: list[Entry]) -> None:
        """Refuse records that come to name hidden media: who sees the record would see those."""
        if self.rights.unlimited or noun.model is not ReferenceRecord:
            return
        places = [place for entry in entries if entry.live for place in _media_of(entry)]
        rows = Asset.objects.filter(code__in={code for _entry, _field, code in places})
        seen = visible_media(rows, self.rights) if places else rows
        if seen is rows:
            return
        codes = set(rows.values_list("code", flat=True)) - set(seen.values_list("code", flat=True))
        for entry, name, code in places:
            if code in codes:
                entry.refuse(UnknownCode(what="asset", name=code, field=f"values.{name}"))

    def refuse_parents(self, noun: Noun, entries: list[Entry]) -> None:
        """Refuse rows that would hang on a hidden one of their kind as on one there is none of."""
        codes = self.codes(noun.model) if noun.tree else ()
        may = noun.kind != "category" or self.rights.rest("category") >= needed_level("category")
        for entry in entries if codes and may else ():
            wish = entry.document.get(noun.tree)
            if wish in codes:
                entry.refuse(UnknownCode(what=noun.tree, name=wish, field=noun.tree))


def _media_of(entry: Entry) -> Iterator[tuple[Entry, str, str]]:
    """Yield (entry, field, asset) of the media that a record comes to name."""
    entity = load_structure().entities.get(entry.document.get("entity"))
    fields = entity.fields.items() if entity else ()
    for name in (code for code, how in fields if how["kind"] == "media"):
        before, after = (
            {code for data in (values or {}).get(name, {}).values() for code in _codes(data)}
            for values in entry.result.differences.get("values", (None, None))
        )
        yield from ((entry, name, code) for code in sorted(after - before))


def _codes(data) -> list[str]:
    return data if isinstance(data, list) else [data]
