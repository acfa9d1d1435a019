"""A structure resource: what it consists of, and what of it somebody may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest

from pim.actions.rest_documents.forms import checked
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.rights import Level, Rights
from pim.content.structure import Structure
from pim.queries.oldcodes import renamed_codes
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

from ..answers import url_of
from ..errors import RestError, not_found
from .hiding import hidden_from, shown_locales
from .search import Field


@dataclass(frozen=True)
class Owner:
    """What a resource hangs on, such as the attribute of an option.

    `find` returns its row by code or raises 404; `field` is its name in our documents. Where it
    can be renamed, `known` returns {code: …} of the structure and `renamed` names the kind.
    """

    address: str
    field: str
    find: Callable[[str], models.Model]
    renamed: str = ""
    known: Callable[[Structure], Mapping[str, Any]] = lambda _structure: {}


@dataclass(frozen=True)
class Resource:
    """One kind of structure.

    `types` are its properties as `forms.checked` takes them; `read` turns a checked document
    into ours; `rows(owner)` is the ordered list, `present(request, rows)` their documents;
    `names` says which property one of our fields is; `level` what the roles of somebody
    allow with one of them: what they may not see is not there. `by_cursor` resources have
    no page numbers, and many of them are written as a JSON list, as in the original.
    `renamed` is the kind that old codes are kept under, `parted` where each owner has its own.
    `shown` is the noun whose view permission counts, where that is another.
    """

    address: str
    kind: str
    noun: str
    what: str
    types: Mapping[str, str]
    read: Callable[[dict], dict]
    rows: Callable[[Any], models.QuerySet]
    present: Callable[[HttpRequest, list], Sequence[dict]]
    search: Mapping[str, Field] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    owner: Owner | None = None
    write: Callable[..., list[StructureResult]] = upsert_structure
    shown: str = ""
    level: Callable[[Rights, Structure, str], Level] | None = None
    by_cursor: bool = False
    renamed: str = ""
    parted: bool = False
    find: Callable[[models.QuerySet, str], models.Model | None] = lambda rows, code: rows.filter(
        code=code
    ).first()

    def url(self, request: HttpRequest, owner: str, code: str) -> str:
        """Return the absolute address of one."""
        above = (self.owner.address, owner) if self.owner else ()
        return url_of(request, *above, self.address, code)

    def owned(self, request: HttpRequest, owner: str) -> Any:
        """Return the row that the resource hangs on; raises 404, also where it is hidden."""
        if self.owner and owner in hidden_from(request, self.owner.renamed):
            raise not_found(self.owner.renamed, owner)
        return self.owner.find(owner) if self.owner else None

    def owner_today(self, code: str) -> str:
        """Return what the owner is called now; a code that is in use stays as it is."""
        if not self.owner or not self.owner.renamed:
            return code
        now = renamed_codes(self.owner.renamed, [code]).get(code, code)
        return code if now == code or code in self.owner.known(load_structure()) else now

    def today(self, request: HttpRequest, owner: str, codes: Iterable[str]) -> dict[str, str]:
        """Return {old code: what it is called now} of those; a code in use is not an old one."""
        if not self.renamed:
            return {}
        renamed = renamed_codes(self.renamed, codes, owner=owner if self.parted else "")
        hidden = hidden_from(request, self.renamed) if renamed else ()
        renamed = {old: now for old, now in renamed.items() if now not in hidden}
        rows = self.rows(self.owned(request, owner)) if renamed else None
        return {old: now for old, now in renamed.items() if self.find(rows, old) is None}

    def seen(self, request: HttpRequest, owner: str) -> models.QuerySet:
        """Return the rows that the connection's user may see."""
        rows, rights = self.rows(self.owned(request, owner)), rights_of(request.user)
        if rights.unlimited or self.level is None:
            return rows
        structure = load_structure()
        codes = rows.values_list("code", flat=True)
        return rows.filter(code__in=[c for c in codes if self.level(rights, structure, c)])

    def documents(self, request: HttpRequest, rows: list) -> list[dict]:
        """Return the documents of the rows without texts in locales that are hidden."""
        return [shown_locales(request, each) for each in self.present(request, rows)]

    def document(self, given: Mapping[str, Any], owner: str) -> dict:
        """Return our document of theirs; raises 422 naming everything that is wrong."""
        if self.owner:
            _require_owner(self, given.get(self.owner.field), owner)
        found = self.read(checked(given, types=self.types, ignored=self.ignored))
        found.setdefault("code", "")
        return {**found, self.owner.field: owner} if self.owner else found


def _require_owner(resource: Resource, given: Any, owner: str) -> None:
    """Raise 422 where a document names another owner than its address."""
    if isinstance(given, str) and resource.owner_today(given) != owner:
        field = resource.owner.field
        raise RestError(
            422,
            f'The {field} code "{given[:100]}" provided in the request body must match the '
            f'{field} code "{owner}" provided in the url.',
        )
