"""The grammar of product columns: `attr`, `attr-locale-channel`, `price-EUR`, `X_SELL-products`,
`packaging-case-gtin`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pim.content.address import Address, check_address
from pim.content.locales import is_locale, to_bcp47, to_posix
from pim.content.packaging import COLUMNS
from pim.content.refusals import Refused, _
from pim.content.structure import AttributeDef, Structure

FIELDS = (
    "uuid",
    "family",
    "family_variant",
    "parent",
    "categories",
    "groups",
    "enabled",
)
# Titles that begin so are about the row, not about the product: "#reason" says why a row was
# refused and is passed over, "#delete" says that the product shall go.
ASIDE = "#"
REASON, DELETE = "#reason", "#delete"
TIES = {
    "products": "products",
    "product_models": "products",
    "product_uuids": "uuids",
    "groups": "groups",
    "products-quantity": "quantities",
    "product_models-quantity": "model_quantities",
    "product_uuids-quantity": "uuid_quantities",
}


@dataclass(slots=True)
class ValueColumn:
    """A column that gives (a part of) one value; `part` is "", "unit", a currency, or of packaging
    a level and its part such as "case-width-unit"."""

    index: int
    title: str
    address: Address
    attribute: AttributeDef
    part: str = ""


@dataclass(slots=True)
class TieColumn:
    """A column of associations: what `role` of which association type it gives."""

    index: int
    title: str
    type: str
    role: str
    target: str


@dataclass
class Layout:
    """What the columns of a product table mean."""

    identifier: int | None = None
    fields: dict[str, int] = field(default_factory=dict)
    values: list[ValueColumn] = field(default_factory=list)
    ties: list[TieColumn] = field(default_factory=list)
    notices: list[tuple[str, Refused]] = field(default_factory=list)

    def title_of(self, name: str) -> str:
        """Return the title of the first column about an attribute, field or address key."""
        attribute = name.split("|", 1)[0]
        for column in self.values:
            if name in (column.address.key(), column.title):
                return column.title
        for column in self.values:
            if column.attribute.code == attribute:
                return column.title
        return attribute.removeprefix("@")

    def title_about(self, refusal: Refused) -> str:
        """Return the title of the column that a refusal is about, to the locale and the part."""
        address, wanted = refusal.params.get("address"), refusal.params.get("currency")
        if "level" in refusal.params:
            wanted = f"{refusal.params['level']}-{refusal.params.get('part')}"
        titles = [(c.part, c.title) for c in self.values if c.address.key() == address]
        exact = [title for part, title in titles if part == wanted]
        return (exact or [title for _part, title in titles] or [self.title_of(refusal.field)])[0]


def read_layout(header: list[str], *, structure: Structure, models: bool) -> Layout:
    """Return the layout of a header; columns that mean nothing here become notices."""
    layout = Layout()
    grammar = Grammar(structure)
    main = structure.identifier_attribute
    names = ("code", "identifier") if models else (main.code if main else "sku", "identifier")
    seen: set[str] = set()
    for index, title in enumerate(header):
        if not title or (title.startswith(ASIDE) and title != DELETE):
            continue
        if title in seen:
            layout.notices.append((title, _repeated(title)))
            continue
        seen.add(title)
        if title.casefold() in {n.casefold() for n in names} and layout.identifier is None:
            layout.identifier = index
        elif title in (*FIELDS, DELETE) and title not in structure.attributes:
            layout.fields[title] = index
        else:
            _place(layout, grammar, index, title)
    return layout


def _place(layout: Layout, grammar: "Grammar", index: int, title: str) -> None:
    if tie := grammar.tie(index, title):
        layout.ties.append(tie)
        return
    try:
        layout.values.append(grammar.value(index, title))
    except Refused as refusal:
        layout.notices.append((title, refusal))


def _repeated(title: str) -> Refused:
    return Refused(
        _("The column “%(name)s” occurs twice; only the first is read."),
        code="repeated_column",
        name=title,
    )


class Grammar:
    """Resolves column titles against the codes that exist; the longest known code wins."""

    def __init__(self, structure: Structure):
        self._structure = structure
        self._locales = {
            form: code for code in structure.locales for form in (to_posix(code), code)
        }
        old = structure.aliases.get(("attribute", ""), {})
        self._attributes = {
            **{code: structure.attributes[new] for code, new in old.items()},
            **structure.attributes,
        }
        self._by_length = sorted(self._attributes, key=len, reverse=True)
        self._types = sorted(structure.association_types, key=len, reverse=True)

    def tie(self, index: int, title: str) -> TieColumn | None:
        """Return the association column that the title names, or None."""
        for code in self._types:
            rest = title[len(code) + 1 :]
            if title.startswith(f"{code}-") and rest in TIES:
                target = rest.removesuffix("-quantity")
                return TieColumn(index, title, code, TIES[rest], target)
        return None

    def value(self, index: int, title: str) -> ValueColumn:
        """Return the value column that the title names; raise `Refused` saying why not."""
        known = [code for code in self._by_length if title == code or title.startswith(f"{code}-")]
        reason = None
        for code in known:
            attribute = self._attributes[code]
            try:
                return self._parse(index, title, attribute, title[len(code) + 1 :])
            except Refused as refusal:
                reason = reason or refusal
        raise reason or Refused(
            _(
                "The column “%(name)s” is no attribute and was left out. Import it with "
                "attributes.csv first, or correct its name."
            ),
            code="unknown_column",
            name=title,
        )

    def _parse(self, index: int, title: str, attribute: AttributeDef, rest: str) -> ValueColumn:
        for parts in self._readings(rest, attribute):
            address = Address(attribute.code, parts.get("channel", ""), parts.get("locale", ""))
            check_address(address, self._structure)
            part = parts.get("currency") or parts.get("part") or parts.get("unit", "")
            return ValueColumn(index, title, address, attribute, part)
        raise self._unread(title, rest, attribute)

    def _readings(self, rest: str, attribute: AttributeDef) -> Iterator[dict]:
        if not rest:
            yield {}
            return
        for role, token, code in self._tokens(attribute):
            if rest == token or rest.startswith(f"{token}-"):
                for others in self._readings(rest[len(token) + 1 :], attribute):
                    if role not in others:
                        yield {**others, role: code}

    def _tokens(self, attribute: AttributeDef) -> list[tuple[str, str, str]]:
        tokens = []
        if attribute.localizable:
            tokens += [("locale", form, code) for form, code in self._locales.items()]
        if attribute.scopable:
            tokens += [("channel", code, code) for code in self._structure.channels]
        if attribute.kind == "price":
            tokens += [("currency", code, code) for code in self._structure.currencies]
        if attribute.kind == "measurement":
            tokens.append(("unit", "unit", "unit"))
        if attribute.kind == "packaging":
            tokens += [("part", token, token) for token in COLUMNS]
        return sorted(tokens, key=lambda t: len(t[1]), reverse=True)

    def _unread(self, title: str, rest: str, attribute: AttributeDef) -> Refused:
        pieces = rest.split("-")
        unknown = [p for p in pieces if is_locale(p) and "_" in p and p not in self._locales]
        if unknown:
            return Refused(
                _("The column “%(name)s” was left out: there is no locale %(locale)s."),
                code="unknown_locale",
                name=title,
                locale=to_bcp47(unknown[0]),
            )
        return Refused(
            _(
                "The column “%(name)s” was left out: “%(rest)s” is no locale, channel, currency "
                "or unit that “%(attribute)s” has."
            ),
            code="unknown_column",
            name=title,
            rest=rest,
            attribute=attribute.code,
        )
