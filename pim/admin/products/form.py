"""The form of a product, generated from its family: one cell per attribute, groups as tabs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as translate

from pim.content.address import Address
from pim.content.completeness import Completeness
from pim.content.masks import visible_missing
from pim.content.resolve import Resolved
from pim.content.rights import Level
from pim.content.states import is_filled, state_of
from pim.content.structure import AttributeDef
from pim.models import Attribute

from ..context import WorkingContext, label_of
from .controls import control
from .plain import plain_value
from .state import ProductState

OWN, ABOVE, BELOW, ELSEWHERE = "own", "above", "below", "elsewhere"

OTHER_LOCALES = 5  # links to where else a value is missing, beside the first


@dataclass
class Cell:
    """One attribute on the page.

    `place` says whether its value belongs here: own, above (a parent holds it), below
    (each variant holds its own) or elsewhere (the attribute does not exist in this locale).
    """

    attribute: AttributeDef
    address: Address
    label: str
    place: str
    data: Any
    control: dict
    state: str = ""
    inherited: str = ""
    inherited_from: str = ""
    fallback: str = ""
    fallback_from: str = ""
    reference: str = ""
    reference_data: Any = None
    missing: list[str] = field(default_factory=list)
    guideline: str = ""
    changed: bool = False
    error: str = ""
    locked: bool = False
    remarks: int = 0

    @property
    def live(self) -> bool:
        """Whether the input takes part in saving as it stands."""
        return self.place == OWN and (self.data is not None or not self.inherited)

    @property
    def editable(self) -> bool:
        """Whether the person may write the value here."""
        return self.place == OWN and not self.locked


@dataclass
class Tab:
    """One attribute group of the page."""

    code: str
    label: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(1 for cell in self.cells if cell.missing)

    @property
    def errors(self) -> int:
        return sum(1 for cell in self.cells if cell.error)


@dataclass(frozen=True)
class Typed:
    """What came back from the page: raw values and refusals by attribute code."""

    raw: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def build_tabs(
    state: ProductState,
    context: WorkingContext,
    *,
    typed: Typed | None = None,
    changed: frozenset[str] = frozenset(),
    remarks: Mapping[str, int] = MappingProxyType({}),
) -> list[Tab]:
    """Return the page's tabs in the order of the attribute groups.

    `changed` are the keys of values that differ from what is published, `remarks` those with
    open comments, and how many.
    """
    maker = _Maker(state, context, typed or Typed(), changed, remarks)
    tabs: dict[str, Tab] = {}
    ordered = sorted(state.attributes(), key=lambda a: a.sort[:2])
    for attribute in (a for a in ordered if state.level(a, context)):
        group = state.structure.groups.get(attribute.group)
        title = label_of(group, context.locale) if group else attribute.group
        tab = tabs.setdefault(attribute.group, Tab(attribute.group, title))
        tab.cells.append(maker.cell(attribute))
    return list(tabs.values())


class _Maker:
    """Makes the cells of one page; resolves once."""

    def __init__(self, state, context, typed, changed, remarks):
        self.state, self.context = state, context
        self.typed, self.changed, self.remarks = typed, changed, remarks
        self.resolved = state.resolve(context.channel, context.locale)
        self.reference = (
            state.resolve(context.channel, context.reference) if context.reference else {}
        )
        self.missing = _missing_by_attribute(state, context)
        self.guidelines = _guidelines(state, context.locale)

    def cell(self, attribute: AttributeDef) -> Cell:
        context, code = self.context, attribute.code
        data = self.state.own_data(attribute, context)
        shown = self.typed.raw.get(code, data)
        cell = Cell(
            attribute=attribute,
            address=address_of(attribute, context),
            label=label_of(attribute, context.locale),
            place=self._place(attribute),
            data=shown,
            state=state_of(shown),
            control=control(
                attribute,
                shown,
                structure=self.state.structure,
                channel=context.channel,
                locale=context.locale,
            ),
            missing=self.missing.get(code, []),
            guideline=self.guidelines.get(code, ""),
            changed=address_of(attribute, context).key() in self.changed,
            remarks=self.remarks.get(address_of(attribute, context).key(), 0),
            error=self.typed.errors.get(code, ""),
            locked=self.state.level(attribute, context) < Level.EDIT,
        )
        self._add_resolved(cell, data)
        self._add_reference(cell)
        return cell

    def _place(self, attribute: AttributeDef) -> str:
        if attribute.available_locales and self.context.locale not in attribute.available_locales:
            return ELSEWHERE
        level, here = self.state.level_of(attribute.code), self.state.own.level
        if level == here or not self.state.variant:
            return OWN
        return BELOW if level > here else ABOVE

    def _add_resolved(self, cell: Cell, data: Any):
        value = self.resolved.get(cell.attribute.code)
        if data is not None or value is None or value.origin == "own":
            return
        words = self._words(cell.attribute, value)
        parts = dict(part.split(":", 1) for part in value.origin.split(";") if ":" in part)
        if "inherited" in parts:
            cell.inherited, cell.inherited_from = words, parts["inherited"]
        if "fallback" in parts:
            cell.fallback, cell.fallback_from = words, parts["fallback"]

    def _add_reference(self, cell: Cell):
        value = self.reference.get(cell.attribute.code)
        if not cell.attribute.localizable or value is None or not is_filled(value.data):
            return
        cell.reference = self._words(cell.attribute, value)
        if cell.attribute.kind in ("text", "textarea", "richtext") and not state_of(value.data):
            cell.reference_data = value.data

    def _words(self, attribute: AttributeDef, value: Resolved) -> str:
        return plain_value(attribute, value.data, self.state.structure, self.context.locale)


def address_of(attribute: AttributeDef, context: WorkingContext) -> Address:
    """Return where an attribute's value stands in the working context."""
    return Address(
        attribute.code,
        context.channel if attribute.scopable else "",
        context.locale if attribute.localizable else "",
    )


def _missing_by_attribute(state: ProductState, context: WorkingContext) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for channel, result in state.completeness().items():
        for attribute, locale in _seen_missing(state, channel, result):
            here = not locale or locale == context.locale
            scoped = state.structure.attributes[attribute].scopable
            if here and (not scoped or channel == context.channel):
                found.setdefault(attribute, []).append(channel)
    return found


def _seen_missing(state: ProductState, channel: str, result: Completeness) -> list:
    return visible_missing(result.missing, channel, state.holding, state.structure)


def _guidelines(state: ProductState, locale: str) -> dict[str, str]:
    rows = Attribute.objects.filter(code__in=[a.code for a in state.attributes()])
    texts = rows.exclude(guidelines={}).values_list("code", "guidelines")
    return {code: held.get(locale) or held.get("en") or "" for code, held in texts}


def completeness_panel(state: ProductState, context: WorkingContext) -> list[dict]:
    """Return per channel the percentage and the links to what is missing."""
    panel = []
    for code, result in state.completeness().items():
        if not context.rights.channel(code):
            continue
        channel = state.structure.channels[code]
        panel.append(
            {
                "code": code,
                "label": label_of(channel, context.locale),
                "percent": result.percent,
                "gate": channel.gate,
                "required": result.required,
                "missing": _missing_rows(state, context, code, result),
            }
        )
    return panel


def _missing_rows(
    state: ProductState, context: WorkingContext, channel: str, result: Completeness
) -> list[dict]:
    """Return a row per attribute: the link to where it lacks first, some others, and a count."""
    lacking: dict[str, list[str]] = {}
    for attribute, locale in _seen_missing(state, channel, result):
        lacking.setdefault(attribute, []).append(locale)
    rows = []
    for attribute, locales in lacking.items():
        # Where the person works comes first; sorting keeps the order of all others.
        first, *others = sorted(locales, key=lambda code: code != context.locale)
        shown, rest = others[:OTHER_LOCALES], others[OTHER_LOCALES:]
        links = [_missing_link(state, context, channel, (attribute, code)) for code in shown]
        row = _missing_link(state, context, channel, (attribute, first))
        rows.append({**row, "others": links, "more": len(rest), "rest": ", ".join(rest)})
    return rows


def _missing_link(state: ProductState, context: WorkingContext, channel: str, missing) -> dict:
    attribute, locale = missing
    definition = state.structure.attributes[attribute]
    elsewhere = (locale and locale != context.locale) or (
        definition.scopable and channel != context.channel
    )
    holder = page_of_field(state, attribute)
    place = (channel, locale or context.locale) if elsewhere or holder else ("", "")
    return {
        "label": label_of(definition, context.locale),
        "locale": locale,
        "href": link_to_field(attribute, *place, page=holder),
        "hint": translate("Go to the field"),
    }


def link_to_field(attribute: str, channel: str, locale: str, *, page: str = "") -> str:
    """Return the address of a field on a product's page, this one where none is named."""
    query = urlencode({k: v for k, v in (("channel", channel), ("locale", locale)) if v})
    return f"{page}{query and '?' + query}#field-{attribute}"


def page_of_field(state: ProductState, attribute: str) -> str:
    """Return the page of the model that holds an attribute, "" where it is the product's own."""
    level = state.level_of(attribute)
    if not state.variant or level >= state.own.level:
        return ""
    holders = (above.id for above in state.shown_above if above.level == level)
    return next((reverse("admin:pim_product_change", args=[pk]) for pk in holders), "")
