"""Renaming a code: the row, everything that names it, and an alias for whoever says the old one."""

from dataclasses import dataclass

from django.db import models

from pim.actions.roles import rename_in_grants
from pim.content.refusals import InvalidValue, NotFound, Refused, UnknownCode, _
from pim.models import (
    AssociationType,
    Attribute,
    AttributeOption,
    Category,
    Family,
    FamilyVariant,
    Group,
    ReferenceRecord,
)
from pim.models.base import code_validator

from .change import Change, EachDatum, Node, Values, put
from .operations import Operation, everything, having

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Named:
    """A noun whose codes stand in documents: its table, and the snapshot key that holds them."""

    model: type[models.Model]
    key: str = ""
    owner: str = ""  # the parameter that says whose code it is


NOUNS = {
    "attribute": Named(Attribute),
    "option": Named(AttributeOption, owner="attribute"),
    "record": Named(ReferenceRecord, owner="entity"),
    "family": Named(Family, "family"),
    "family_variant": Named(FamilyVariant, "family_variant"),
    "category": Named(Category, "categories"),
    "group": Named(Group, "groups"),
    "association_type": Named(AssociationType, "associations"),
}


class RenameAttribute(Change):
    """Moves every value of an attribute to its new code."""

    def __init__(self, old: str, new: str):
        self.old, self.new = old, new
        self.attributes = frozenset({new})

    def values(self, node: Node) -> Values:
        changed = {
            locale: put(put(held, self.new, held[self.old]), self.old, {})
            for locale, held in node.values.items()
            if self.old in held
        }
        return {**node.values, **changed} if changed else node.values


class RenameDatum(EachDatum):
    """Replaces a code wherever an attribute's values name it."""

    def __init__(self, attribute: str, codes: dict[str, str]):
        super().__init__(attribute)
        self.new = codes

    def datum(self, data, *, locale, node):
        if isinstance(data, list):
            found = [self.new.get(code, code) for code in data]
            return list(dict.fromkeys(found)) if found != data else data
        return self.new.get(data, data) if isinstance(data, str) else data


class RenameOption(RenameDatum):
    """Replaces option codes; several options keep their sorted form."""

    def datum(self, data, *, locale, node):
        found = super().datum(data, locale=locale, node=node)
        return sorted(found) if isinstance(found, list) and found is not data else found


class RenameKey(Change):
    """Renames a code that stands beside the values of a snapshot."""

    def __init__(self, key: str, old: str, new: str):
        self.key, self.old, self.new = key, old, new

    def codes(self, snapshot: dict) -> dict:
        held = snapshot[self.key]
        if isinstance(held, dict):
            found = {self._new(code): ties for code, ties in held.items()}
        elif isinstance(held, list):
            found = sorted(self._new(code) for code in held)
        else:
            found = self._new(held)
        return {**snapshot, self.key: found} if found != held else snapshot

    def _new(self, code: str) -> str:
        return self.new if code == self.old else code


class Several(Change):
    """Changes one after the other: a record may be named by several attributes."""

    def __init__(self, changes: list[Change]):
        self.changes = changes
        self.attributes = frozenset().union(*(c.attributes for c in changes))

    def values(self, node: Node) -> Values:
        values = node.values
        for change in self.changes:
            values = change.values(node._replace(values=values))
        return values


class RenameCode(Operation):
    """Gives one row of the structure another code; products, versions and aliases follow."""

    code = "rename"
    label = _("Rename a code")
    asks = {"kind": "kind", "owner": "owner", "code": "code", "to": "new code"}
    optional = frozenset({"owner"})

    def check(self) -> None:
        kind, to = self.params["kind"], self.params["to"]
        if kind not in NOUNS:
            raise NotFound(what="kind of code", name=str(kind), field="kind")
        self.noun = NOUNS[kind]
        self.row = self._rows().filter(code=self.params["code"]).first()
        if self.row is None:
            raise UnknownCode(what=kind, name=self.params["code"], field="code")
        if not code_validator.regex.fullmatch(to) or len(to) > LONGEST:
            raise InvalidValue(
                _("“%(value)s” is no code: use letters, digits, underscore, hyphen, full stop."),
                code="bad_code",
                field="to",
                value=to[:120],
            )
        if self._rows().filter(code=to).exists():
            raise Refused(_("%(name)s exists already."), code="exists", field="to", name=to)

    def _rows(self) -> models.QuerySet:
        rows = self.noun.model.objects.all()
        owner = self.params.get("owner") or ""
        return rows.filter(**{f"{self.noun.owner}__code": owner}) if self.noun.owner else rows

    def affected(self):
        kind, owner = self.params["kind"], self.params.get("owner", "")
        if kind in ("attribute", "option"):
            return having(owner if kind == "option" else self.params["code"])
        if kind == "record":
            found = [having(code) for code in self._naming_records()]
            return sorted(set().union(*found))
        # Codes beside the values may stand in any published version.
        return everything()

    def restructure(self) -> None:
        self.row.code = self.params["to"]
        self.row.save(update_fields=["code"])
        if self.params["kind"] == "category":
            rename_in_grants("category", self.params["code"], self.params["to"])

    def change(self) -> Change:
        kind, old, new = (self.params[name] for name in ("kind", "code", "to"))
        if kind == "attribute":
            return RenameAttribute(old, new)
        if kind == "option":
            return RenameOption(self.params["owner"], {old: new})
        if kind == "record":
            return Several([RenameDatum(code, {old: new}) for code in self._naming_records()])
        return RenameKey(self.noun.key, old, new)

    def _naming_records(self) -> list[str]:
        owner = self.params["owner"]
        return [a.code for a in self.structure.attributes.values() if a.reference_entity == owner]

    def aliases(self) -> list[tuple[str, str, str, str]]:
        kind, owner = self.params["kind"], self.params.get("owner") or ""
        return [(kind, owner, self.params["code"], self.params["to"])]

    def told(self):
        kind, owner = self.params["kind"], self.params.get("owner")
        codes = [self.params["code"], self.params["to"]]
        return kind, [f"{owner}/{code}" for code in codes] if self.noun.owner else codes

    def differences(self) -> dict:
        return {"code": [self.params["code"], self.params["to"]]}

    def title(self) -> str:
        return f"{self.params['code']} → {self.params['to']}"

    def undoing(self) -> dict:
        back = {**self.params, "code": self.params["to"], "to": self.params["code"]}
        return {"operation": self.code, "params": back}
