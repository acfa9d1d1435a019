"""Deleting an attribute, or taking it out of a family, with all values that products have of it."""

from pim.content.refusals import Refused, UnknownCode, _
from pim.models import (
    AttributeOption,
    Family,
    FamilyAttribute,
    FamilyVariantAttribute,
    Product,
    Requirement,
    UniqueValue,
)

from .change import Change, Node, Values, put
from .operations import Operation, having


class Erase(Change):
    """Takes every value of some attributes away."""

    loses = True

    def __init__(self, attributes: frozenset[str]):
        self.attributes = attributes

    def values(self, node: Node) -> Values:
        changed = {}
        for locale, held in node.values.items():
            found = held
            for code in self.attributes & held.keys():
                found = put(found, code, {})
            if found is not held:
                changed[locale] = found
        return {**node.values, **changed} if changed else node.values


class DeleteAttribute(Operation):
    """Takes an attribute out of all families, erases its values, and deletes it."""

    code = "delete_attribute"
    label = _("Delete an attribute with its values")
    asks = {"attribute": "attribute"}

    def check(self) -> None:
        attribute = self.attribute()
        if attribute == self.structure.identifier_attribute:
            raise Refused(
                _("“%(name)s” names the products and cannot be deleted."),
                code="identifier",
                field="attribute",
                name=attribute.code,
            )
        refuse_axis(attribute.id, attribute.code)

    def affected(self):
        return having(self.params["attribute"])

    def change(self) -> Change:
        return Erase(frozenset({self.params["attribute"]}))

    def finish(self) -> None:
        row = self.attribute_row()
        shown = list(Family.objects.filter(label_attribute=row))
        shown += Family.objects.filter(image_attribute=row)
        parts = (AttributeOption, FamilyAttribute, Requirement, FamilyVariantAttribute)
        below = [part for model in parts for part in model.objects.filter(attribute=row)]
        self.keep([row, *below, *shown])
        UniqueValue.objects.filter(attribute=row).delete()
        row.delete()

    def told(self):
        families = [f.code for f in self.structure.families.values() if self._in(f)]
        return "attribute", [self.params["attribute"], *families]

    def _in(self, family) -> bool:
        return self.params["attribute"] in family.attributes

    def differences(self) -> dict:
        return {"@deleted": [False, True]}

    def title(self) -> str:
        return f"− {self.params['attribute']}"


class RemoveFromFamily(Operation):
    """Takes an attribute out of one family, and its values from the family's products."""

    code = "remove_from_family"
    label = _("Take an attribute out of a family")
    asks = {"family": "family", "attribute": "attribute"}

    def check(self) -> None:
        attribute = self.attribute()
        self.family = self.structure.families.get(self.params["family"])
        if self.family is None:
            raise UnknownCode(what="family", name=self.params["family"], field="family")
        if attribute.code not in self.family.attributes:
            raise UnknownCode(what="attribute", name=attribute.code, field="attribute")
        refuse_axis(attribute.id, attribute.code, family_variant__family_id=self.family.id)

    def affected(self):
        rows = Product.objects.filter(family_id=self.family.id).order_by("id")
        return rows.values_list("id", flat=True).iterator(chunk_size=2000)

    def change(self) -> Change:
        return Erase(frozenset({self.params["attribute"]}))

    def finish(self) -> None:
        row, family = self.attribute_row(), {"family_id": self.family.id}
        shown = list(Family.objects.filter(pk=self.family.id))
        held = [
            *FamilyAttribute.objects.filter(attribute=row, **family),
            *Requirement.objects.filter(attribute=row, **family),
            *FamilyVariantAttribute.objects.filter(
                attribute=row, family_variant__family_id=self.family.id
            ),
        ]
        self.keep([*held, *shown])
        for part in held:
            type(part).objects.filter(pk=part.pk).delete()
        families = Family.objects.filter(pk=self.family.id)
        families.filter(label_attribute=row).update(label_attribute=None)
        families.filter(image_attribute=row).update(image_attribute=None)

    def told(self):
        return "family", [self.params["family"]]

    def differences(self) -> dict:
        return {"attributes": [self.params["attribute"], None]}

    def title(self) -> str:
        return f"{self.params['family']} − {self.params['attribute']}"


def refuse_axis(attribute_id: int, code: str, **which) -> None:
    """Refuse where variants are told apart by the attribute."""
    axes = FamilyVariantAttribute.objects.filter(attribute_id=attribute_id, axis=True, **which)
    if variant := axes.values_list("family_variant__code", flat=True).first():
        raise Refused(
            _("“%(name)s” is an axis of the family variant %(variant)s: change that first."),
            code="axis",
            field="attribute",
            name=code,
            variant=variant,
        )
