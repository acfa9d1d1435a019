"""Moving an attribute to another level of a family variant: values go up or down with it."""

from collections import defaultdict
from typing import Any

from django.db.models import Q

from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.importing.report import Place
from pim.models import FamilyVariantAttribute, Product
from pim.queries.drafts import chunks

from .change import Change, Node, Values, put
from .deleting import refuse_axis
from .operations import PART, Operation
from .rewrite import PRODUCTS

TREES = 50
KEEPS = Refused(
    _("It keeps a value of its own here: the variants of its model do not say the same."),
    code="keeps_own_value",
)
Slots = dict[tuple[str, str], Any]  # (locale, channel) → data


class MoveValues(Change):
    """Hands values down to what stands below, or up where all below agree.

    Nobody reads another value afterwards: what differs below stays there as an override.
    """

    def __init__(self, attribute: str, family_variant: str, *, level: int):
        self.attribute, self.family_variant, self.level = attribute, family_variant, level
        self.attributes = frozenset({attribute})
        # Products below the new level that go on saying something of their own.
        self.keeping: set[int] = set()

    def move(self, nodes: dict[int, Node]) -> dict[int, Values]:
        below = defaultdict(list)
        for node in nodes.values():
            below[node.parent_id].append(node)
        own = {pk: _slots(node.values, self.attribute) for pk, node in nodes.items()}
        new = {pk: dict(slots) for pk, slots in own.items()}
        mine = [n for n in nodes.values() if n.family_variant == self.family_variant]
        for node in sorted(mine, key=lambda n: n.level):
            if node.level < self.level:
                self._down(node, below[node.id], new)
        for node in sorted(mine, key=lambda n: -n.level):
            if node.level >= self.level:
                self._up(node, below[node.id], new)
        self.keeping |= {n.id for n in mine if n.level > self.level and new[n.id]}
        return {
            pk: _with(nodes[pk].values, self.attribute, new[pk])
            for pk in nodes
            if new[pk] != own[pk]
        }

    def _down(self, node: Node, children: list[Node], new: dict[int, Slots]) -> None:
        """Give every child what it inherits from here, and keep nothing; childless ones keep."""
        if not children:
            return
        for child in children:
            new[child.id] = {**new[node.id], **new[child.id]}
        new[node.id] = {}

    def _up(self, node: Node, children: list[Node], new: dict[int, Slots]) -> None:
        """Take from the children what all of them say alike."""
        for slot in set().union(*(new[child.id] for child in children)) if children else ():
            said = [new[child.id].get(slot) for child in children]
            here = new[node.id].get(slot)
            if all(data == said[0] for data in said) and said[0] is not None:
                new[node.id][slot] = here = said[0]
            for child in children:
                if here is not None and new[child.id].get(slot) == here:
                    del new[child.id][slot]


class MoveLevel(Operation):
    """Says on which level of a family variant an attribute lives from now on."""

    code = "move_level"
    label = _("Move an attribute to another level")
    asks = {"family_variant": "family variant", "attribute": "attribute", "level": "level"}
    optional = frozenset({"level"})

    def check(self) -> None:
        attribute = self.attribute()
        self.variant = self.structure.family_variants.get(self.params["family_variant"])
        if self.variant is None:
            raise UnknownCode(
                what="family variant", name=self.params["family_variant"], field="family_variant"
            )
        family = self.structure.families[self.variant.family]
        if attribute.code not in family.attributes:
            raise UnknownCode(what="attribute", name=attribute.code, field="attribute")
        refuse_axis(attribute.id, attribute.code, family_variant_id=self.variant.id)
        self.level, self.before = self._level(), self.variant.levels.get(attribute.code, 0)
        if not 0 <= self.level <= self.variant.depth or self.level == self.before:
            raise InvalidValue(
                _("“%(name)s” lives on level %(level)s; name another one, up to %(depth)s."),
                code="bad_level",
                field="level",
                name=attribute.code,
                level=self.before,
                depth=self.variant.depth,
            )
        if self.level < self.before and attribute.unique:
            raise InvalidValue(
                _("“%(name)s” is unique: it stays with each variant."),
                code="unique",
                field="level",
                name=attribute.code,
            )

    def _level(self) -> int:
        try:
            return int(self.params.get("level") or 0)
        except (TypeError, ValueError):
            return -1

    def affected(self):
        roots = Product.objects.filter(family_variant_id=self.variant.id, parent=None)
        return roots.order_by("id").values_list("id", flat=True).iterator(chunk_size=500)

    def parts(self):
        """Yield whole trees: a value moves within its tree only."""
        for roots in chunks(self.affected(), TREES):
            below = Q(parent_id__in=roots) | Q(parent__parent_id__in=roots)
            found = Product.objects.filter(below).values_list("id", flat=True)
            yield [*roots, *found]

    def restructure(self) -> None:
        row, rows = self.attribute_row(), FamilyVariantAttribute.objects
        held = rows.filter(family_variant_id=self.variant.id, attribute=row)
        self.keep(held)
        held.delete()
        if self.level:
            self.made.append(
                rows.create(family_variant_id=self.variant.id, attribute=row, level=self.level)
            )

    def change(self) -> Change:
        attribute = self.params["attribute"]
        self.moving = MoveValues(attribute, self.variant.code, level=self.level)
        return self.moving

    def finish(self) -> None:
        """Name the variants that keep values of their own, since their siblings say otherwise."""
        for part in chunks(sorted(self.moving.keeping), PART):
            for name in Product.objects.filter(id__in=part).values_list("identifier", flat=True):
                self.report.note(PRODUCTS, Place("", 0, name), self.params["attribute"], KEEPS)

    def told(self):
        return "family_variant", [self.variant.code]

    def differences(self) -> dict:
        return {self.params["attribute"]: [self.before, self.level]}

    def title(self) -> str:
        return f"{self.variant.code}: {self.params['attribute']} {self.before} → {self.level}"


def _slots(values: Values, attribute: str) -> Slots:
    return {
        (locale, channel): data
        for locale, held in values.items()
        for channel, data in held.get(attribute, {}).items()
    }


def _with(values: Values, attribute: str, slots: Slots) -> Values:
    """Return the values with exactly these of the attribute."""
    wanted: dict[str, dict[str, Any]] = defaultdict(dict)
    for (locale, channel), data in slots.items():
        wanted[locale][channel] = data
    changed = {
        locale: put(values.get(locale, {}), attribute, wanted.get(locale, {}))
        for locale in {*wanted, *(code for code, held in values.items() if attribute in held)}
        if values.get(locale, {}).get(attribute, {}) != wanted.get(locale, {})
    }
    return {**values, **changed}
