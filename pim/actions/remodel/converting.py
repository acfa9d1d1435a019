"""Turning an attribute into another kind: text into a select with its options, and the like."""

import re
from dataclasses import replace
from typing import Any

from anyascii import anyascii
from django.db.models import Max

from pim.content.conversion import CHOICES, convert_value, may_convert, option_texts
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.report import CREATED, Place
from pim.models import AttributeOption, Draft, FamilyVariantAttribute, Product
from pim.queries.drafts import chunks
from pim.queries.structure import load_structure

from .change import EachDatum
from .operations import Operation, having

MOST_OPTIONS = 5000


class ConvertDatum(EachDatum):
    """Turns every datum into the new kind; what does not fit is reported and lost."""

    def __init__(self, operation: "ConvertKind"):
        super().__init__(operation.source.code)
        self.operation = operation
        self.structure = load_structure()
        self.target = self.structure.attributes[operation.source.code]

    def datum(self, data: Any, *, locale: str, node) -> Any:
        try:
            return convert_value(
                data,
                source=self.operation.source,
                target=self.target,
                structure=self.structure,
                options=self.operation.options,
                locale=locale,
            )
        except Refused as refusal:
            self.operation.lose(node.id, locale, data, refusal)
            return None


class ConvertKind(Operation):
    """Gives an attribute another kind and turns its values; says which would be lost."""

    code = "convert"
    label = _("Turn an attribute into another kind")
    asks = {"attribute": "attribute", "to": "attribute kind", "accept_loss": "yes or no"}
    optional = frozenset({"accept_loss"})

    def check(self) -> None:
        self.source = self.attribute()
        self.options: dict[str, str] = {}
        self.lost: set[tuple[int, str]] = set()
        if not may_convert(self.source.kind, self.params["to"]):
            raise InvalidValue(
                _("Values of the kind %(kind)s cannot become %(to)s."),
                code="not_convertible",
                field="to",
                kind=self.source.kind,
                to=self.params["to"],
            )
        axes = FamilyVariantAttribute.objects.filter(attribute_id=self.source.id, axis=True)
        if axes.exists() and self.params["to"] not in ("select", "boolean", "measurement"):
            raise InvalidValue(
                _("“%(name)s” is an axis of variants: it stays a choice."),
                code="axis",
                field="to",
                name=self.source.code,
            )
        if self.params["to"] == "measurement":
            raise InvalidValue(
                _("Make a measurement attribute and copy the numbers with a rule."),
                code="needs_family",
                field="to",
            )

    def affected(self):
        return having(self.source.code)

    def restructure(self) -> None:
        row = self.attribute_row()
        self.keep([row])
        row.kind = self.params["to"]
        if row.kind != "measurement":
            row.measurement_family, row.default_unit = None, ""
        # Lengths and patterns of a text say nothing of an option or a number.
        row.rules = {}
        row.save()
        if row.kind in CHOICES and self.source.kind not in CHOICES:
            self._make_options(row)

    def change(self) -> EachDatum:
        return ConvertDatum(self)

    def finish(self) -> None:
        if self.lost and not self.params.get("accept_loss"):
            raise Refused(
                _("%(count)s values do not fit and would be lost; the report names them."),
                code="would_lose",
                field="accept_loss",
                count=len(self.lost),
            )

    def lose(self, product_id: int, locale: str, data: Any, refusal: Refused) -> None:
        """Note a value that does not fit, once, whether it is a draft's or a version's."""
        if (product_id, locale) in self.lost:
            return
        self.lost.add((product_id, locale))
        name = Product.objects.values_list("identifier", flat=True).get(pk=product_id)
        shown = f"{refusal.say()} ({str(data)[:80]})".replace("%", "%%")
        column = f"{self.source.code}-{locale}" if locale else self.source.code
        note = Refused(shown, code=refusal.code, field=column)
        self.report.note("values", Place("", 0, name), column, note)

    def _make_options(self, row) -> None:
        """Make one option for every text there is; equal texts share one."""
        known = {o.code: o for o in row.options.all()}
        last = row.options.aggregate(last=Max("sort_order"))["last"] or 0
        for text, locale in self._texts(several=row.kind == "multiselect"):
            code = _free_code(text, known)
            last += 1
            option = AttributeOption(
                attribute=row, code=code, labels={locale: text}, sort_order=last
            )
            known[code], self.options[text] = option, code
            self.made.append(option)
        AttributeOption.objects.bulk_create(self.made, batch_size=500)
        self.report.count("options", CREATED, len(self.made))

    def _texts(self, *, several: bool) -> list[tuple[str, str]]:
        """Return (text, the locale it was first met in), sorted by text."""
        found: dict[str, str] = {}
        home = "en" if "en" in self.structure.locales else next(iter(self.structure.locales), "en")
        source = replace(self.source)
        for part in chunks(self.affected(), 500):
            rows = Draft.objects.filter(product_id__in=part).values_list("locale", "values")
            for locale, values in rows:
                for data in values.get(source.code, {}).values():
                    for text in option_texts(data, source, several=several):
                        found.setdefault(text, locale or home)
            if len(found) > MOST_OPTIONS:
                raise Refused(
                    _("There are more than %(limit)s different texts: too many for options."),
                    code="too_many_options",
                    field="to",
                    limit=MOST_OPTIONS,
                )
        return sorted(found.items())

    def told(self):
        return "attribute", [self.source.code]

    def differences(self) -> dict:
        return {"kind": [self.source.kind, self.params["to"]]}

    def title(self) -> str:
        return f"{self.source.code}: {self.source.kind} → {self.params['to']}"


def _free_code(text: str, taken) -> str:
    """Return a code made of the text that no other option has."""
    base = re.sub(r"[^a-z0-9]+", "_", anyascii(text).lower()).strip("_")[:90] or "option"
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}_{number}"
    return code
