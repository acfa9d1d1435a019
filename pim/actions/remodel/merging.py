"""Merging options: products that have one of several get the one that stays."""

from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.models import AttributeOption

from .change import Change
from .operations import Operation, having
from .renaming import RenameOption


class MergeOptions(Operation):
    """Replaces options by another one of the same attribute, and takes them away."""

    code = "merge_options"
    label = _("Merge options")
    asks = {"attribute": "attribute", "options": "options", "into": "option"}

    def check(self) -> None:
        attribute = self.attribute()
        held = self.structure.options.get(attribute.code, {})
        for code in [*self.params["options"], self.params["into"]]:
            if code not in held:
                raise UnknownCode(what="option", name=code, field="options")
        if self.params["into"] in self.params["options"]:
            raise InvalidValue(
                _("An option cannot be merged into itself."), code="itself", field="into"
            )

    def affected(self):
        return having(self.params["attribute"])

    def change(self) -> Change:
        codes = dict.fromkeys(self.params["options"], self.params["into"])
        return RenameOption(self.params["attribute"], codes)

    def finish(self) -> None:
        rows = AttributeOption.objects.filter(
            attribute__code=self.params["attribute"], code__in=self.params["options"]
        )
        self.keep(rows)
        rows.delete()

    def aliases(self) -> list[tuple[str, str, str, str]]:
        owner, into = self.params["attribute"], self.params["into"]
        return [("option", owner, code, into) for code in self.params["options"]]

    def told(self):
        return "attribute", [self.params["attribute"]]

    def differences(self) -> dict:
        return {"options": [self.params["options"], [self.params["into"]]]}

    def title(self) -> str:
        params = self.params
        return f"{params['attribute']}: {', '.join(params['options'])} → {params['into']}"
