"""A product as its page needs it: the whole chain of drafts, resolved, with what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from pim.content.completeness import Completeness, completeness
from pim.content.masks import visible_values, without_references
from pim.content.resolve import Resolved, Resolver
from pim.content.rights import Holding, Level, Rights
from pim.content.structure import AttributeDef, FamilyDef, FamilyVariantDef, Structure
from pim.models import MODEL, Asset, Product
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.rights import hidden_references, visible_products

from ..context import WorkingContext


@dataclass(frozen=True)
class ProductState:
    """One product's draft with its parents, nearest first, as one person may see it.

    `drafts` are without what is hidden from them; `whole` are all there is, for what must be
    counted rightly. `holding` says what they may see and change. Models above that are hidden
    have no name: what is inherited from them shows all the same.
    """

    drafts: tuple[DraftState, ...]
    structure: Structure
    holding: Holding
    whole: tuple[DraftState, ...]

    @property
    def own(self) -> DraftState:
        return self.drafts[0]

    @property
    def shown_above(self) -> list[DraftState]:
        """Return the models above that the person may see, the highest first."""
        return [draft for draft in self.drafts[:0:-1] if draft.identifier]

    @property
    def chain(self):
        return [(draft.identifier, draft.values) for draft in self.drafts]

    @property
    def family(self) -> FamilyDef | None:
        return self.structure.families.get(self._nearest("family"))

    @property
    def variant(self) -> FamilyVariantDef | None:
        return self.structure.family_variants.get(self._nearest("family_variant"))

    def _nearest(self, name: str) -> str:
        return next((value for d in self.drafts if (value := getattr(d, name))), "")

    def level_of(self, attribute: str) -> int:
        """Return the level that an attribute lives on in this product's tree."""
        return self.variant.levels.get(attribute, 0) if self.variant else 0

    def attributes(self) -> list[AttributeDef]:
        """Return the attributes of the page: the family's, and what has a value without it."""
        family = self.family.attributes if self.family else ()
        strays = {code for held in self.own.values.values() for code in held} - set(family)
        main = self.structure.identifier_attribute
        codes = [*family, *sorted(strays)]
        known = [self.structure.attributes[c] for c in codes if c in self.structure.attributes]
        return [attribute for attribute in known if attribute != main]

    def level(self, attribute: AttributeDef, context: WorkingContext) -> Level:
        """Return what the person may do with an attribute's value in the context."""
        channel = context.channel if attribute.scopable else ""
        locale = context.locale if attribute.localizable else ""
        return self.holding.value(attribute, channel, locale)

    def own_data(self, attribute: AttributeDef, context: WorkingContext):
        """Return the product's own data at the address of the context."""
        channel = context.channel if attribute.scopable else ""
        locale = context.locale if attribute.localizable else ""
        return self.own.values.get(locale, {}).get(attribute.code, {}).get(channel)

    def resolve(self, channel: str, locale: str) -> dict[str, Resolved]:
        return Resolver(self.structure, channel, locale).resolve(self.chain)

    def completeness(self) -> dict[str, Completeness]:
        """Return {channel: Completeness} of the draft as it is now, hidden values counted."""
        chain = [(draft.identifier, draft.values) for draft in self.whole]
        return {
            code: completeness(
                chain,
                family=self.family,
                channel=channel,
                structure=self.structure,
                family_variant=self.variant,
                level=self.own.level if self.own.role == MODEL else None,
            )
            for code, channel in self.structure.channels.items()
        }


def load_states(
    ids: Iterable[int], structure: Structure, rights: Rights
) -> dict[int, ProductState]:
    """Return {id: ProductState} with their ancestors, in a constant number of queries."""
    drafts = read_drafts(ids)
    wanted = list(drafts)
    for _step in range(2):
        parents = {d.parent_id for d in drafts.values() if d.parent_id} - set(drafts)
        drafts |= read_drafts(parents)
    hidden = hidden_references((d.values for d in drafts.values()), rights, structure)
    return {pk: _state(_chain(pk, drafts), structure, rights, hidden) for pk in wanted}


def _state(
    whole: tuple[DraftState, ...], structure: Structure, rights: Rights, hidden: frozenset[str]
) -> ProductState:
    """Return the state as the rights show it; a variant stands where its models stand."""
    placed = {code for draft in whole for code in draft.categories}
    holding = rights.on(placed, structure)
    if rights.unlimited:
        return ProductState(whole, structure, holding, whole)
    shown = [_masked(draft, holding, structure, rights) for draft in whole]
    for draft in shown if hidden else ():
        draft.values = without_references(draft.values, hidden, structure)
    for place in range(1, len(whole)):
        above = {code for draft in whole[place:] for code in draft.categories}
        if not rights.on(above, structure).level:
            shown[place].identifier, shown[place - 1].parent = "", None
    return ProductState(tuple(shown), structure, holding, whole)


def _masked(
    draft: DraftState, holding: Holding, structure: Structure, rights: Rights
) -> DraftState:
    shown = draft.copy()
    shown.values = visible_values(draft.values, holding, structure)
    shown.categories = [c for c in draft.categories if rights.category(c, structure)]
    return shown


def _chain(pk: int, drafts) -> tuple[DraftState, ...]:
    found: list[DraftState] = []
    while pk and pk in drafts and len(found) < 3:
        found.append(drafts[pk])
        pk = drafts[pk].parent_id
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Face:
    """What stands for a product in lists: its name, the code of its picture, the model above."""

    name: str
    image: str
    parent: str = ""


def face(state: ProductState, context: WorkingContext) -> Face:
    """Return the product's name and picture in the working context."""
    resolved = state.resolve(context.channel, context.locale)
    family, roles = state.family, state.structure.roles
    names = [family.label_attribute if family else "", roles.get("name", "")]
    images = [family.image_attribute if family else "", roles.get("image", "")]
    return Face(
        name=next((text for c in names if (text := _text(resolved.get(c)))), ""),
        image=next((code for c in images if (code := _first(resolved.get(c)))), ""),
        parent=state.own.parent or "",
    )


def _text(value: Resolved | None) -> str:
    return value.data if value and isinstance(value.data, str) else ""


def _first(value: Resolved | None) -> str:
    return value.data[0] if value and isinstance(value.data, list) and value.data else ""


def faces(ids: Iterable[int], context: WorkingContext, structure: Structure) -> dict[int, Face]:
    """Return {id: Face} of many products."""
    states = load_states(ids, structure, context.rights)
    return {pk: face(state, context) for pk, state in states.items()}


def pictures(codes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return {asset code: (id, kind)} in one query."""
    rows = Asset.objects.filter(code__in=set(codes) - {""})
    return {code: (pk, kind) for code, pk, kind in rows.values_list("code", "pk", "kind")}


def identifiers(uuids: Iterable[str], rights: Rights) -> dict[str, Product]:
    """Return {uuid: product} of those that exist and may be seen."""
    found = visible_products(Product.objects.filter(uuid__in=set(uuids)), rights)
    return {str(product.uuid): product for product in found}
