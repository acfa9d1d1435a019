"""From what was typed to one write: only what differs from what the page showed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as translate

from pim.actions.products import ProductWrite, save_product
from pim.content.address import Address
from pim.content.kinds import clean
from pim.content.refusals import Conflict, Refused

from ..context import WorkingContext, label_of, say_named
from .controls import posted, read_raw
from .form import Typed, address_of
from .plain import plain_value
from .state import ProductState

TEXT_PARTS = ("@identifier", "@family")
STRUCTURE_PARTS = ("@enabled", "@categories", "@groups", "@associations")


@dataclass
class Edit:
    """What a person changed on the page, against what the page had shown them.

    `values` is {attribute: raw}, `opened` what was shown; `parts` the changed structure.
    """

    version: int
    values: dict[str, Any] = field(default_factory=dict)
    opened: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def is_empty(self) -> bool:
        return not self.values and not self.parts

    def typed(self) -> Typed:
        return Typed(raw=self.values, errors=self.errors)


@dataclass(frozen=True, slots=True)
class Clash:
    """One value that somebody else changed meanwhile: theirs, yours, and what you had opened."""

    name: str
    label: str
    opened: str
    theirs: str
    yours: str


def read_edit(post: Mapping, state: ProductState, context: WorkingContext) -> Edit:
    """Return the differences between what was shown and what came back."""
    opened = _loads(post.get("opened"), {})
    edit = Edit(version=int(post.get("version") or 0), opened=opened)
    for attribute in state.attributes():
        if not posted(post, attribute):
            continue
        raw = read_raw(post, attribute)
        try:
            data = clean(attribute, raw, state.structure)
        except Refused as refused:
            edit.errors[attribute.code] = say_named(refused, state.structure, context.locale)
            edit.values[attribute.code] = raw
            continue
        if data != opened.get(attribute.code):
            edit.values[attribute.code] = raw
    for part in STRUCTURE_PARTS:
        asked = _loads(post.get(part), None) if part in post else opened.get(part)
        if asked != opened.get(part):
            edit.parts[part] = asked
    for part in TEXT_PARTS:
        asked = post.get(part, opened.get(part, "")).strip()
        if asked != opened.get(part, ""):
            edit.parts[part] = asked
    return edit


def opened_document(state: ProductState, context: WorkingContext, parts: Mapping) -> str:
    """Return what the page shows, to be compared with what comes back."""
    own = {a.code: state.own_data(a, context) for a in state.attributes()}
    shown = {code: data for code, data in own.items() if data is not None}
    return json.dumps(shown | dict(parts), ensure_ascii=False)


def clashes(
    edit: Edit, state: ProductState, context: WorkingContext, parts: Mapping
) -> list[Clash]:
    """Return what both sides changed to different things, as the product stands now."""
    found = []
    for attribute in state.attributes():
        if attribute.code not in edit.values:
            continue
        now, opened = state.own_data(attribute, context), edit.opened.get(attribute.code)
        yours = _cleaned(attribute, edit.values[attribute.code], state)
        if now in (opened, yours):
            continue
        words = [
            plain_value(attribute, data, state.structure, context.locale) or "–"
            for data in (opened, now, yours)
        ]
        found.append(Clash(attribute.code, label_of(attribute, context.locale), *words))
    for part, yours in edit.parts.items():
        if parts[part] not in (edit.opened.get(part), yours):
            words = [
                json.dumps(x, ensure_ascii=False)
                for x in (edit.opened.get(part), parts[part], yours)
            ]
            found.append(Clash(part, part.lstrip("@"), *words))
    return found


def _cleaned(attribute, raw, state):
    try:
        return clean(attribute, raw, state.structure)
    except Refused:
        return raw


def write_of(edit: Edit, state: ProductState, context: WorkingContext, *, version: int):
    """Return the one write that the edit asks for."""
    attributes = state.structure.attributes
    values: dict[Address, Any] = {
        address_of(attributes[code], context): raw for code, raw in edit.values.items()
    }
    parts = edit.parts
    return ProductWrite(
        identifier=parts.get("@identifier") or state.own.identifier,
        uuid=state.own.uuid,
        family=parts.get("@family"),
        enabled=parts.get("@enabled"),
        categories=parts.get("@categories"),
        groups=parts.get("@groups"),
        associations=_ties(parts.get("@associations")),
        values=values,
        expected_version=version,
    )


def _ties(asked: Mapping | None):
    if asked is None:
        return None
    return {
        kind: {
            "products": [(row["identifier"], row.get("quantity")) for row in ties["products"]],
            "groups": ties.get("groups", []),
        }
        for kind, ties in asked.items()
    }


def save_edit(edit: Edit, state: ProductState, context: WorkingContext, parts, *, actor):
    """Write the edit; return (WriteResult or None, clashes).

    Somebody else's write in between is no obstacle while both changed different values.
    """
    version = edit.version
    if version != state.own.row_version:
        found = clashes(edit, state, context, parts)
        if found:
            return None, found
        version = state.own.row_version
    write = write_of(edit, state, context, version=version)
    try:
        return save_product(write, actor=actor, at=timezone.now(), reason=""), []
    except Conflict:
        return None, clashes(edit, state, context, parts) or [
            Clash("", translate("The product"), "–", translate("changed"), translate("changed"))
        ]


def _loads(text: str | None, default):
    try:
        return json.loads(text) if text else default
    except ValueError:
        return default
