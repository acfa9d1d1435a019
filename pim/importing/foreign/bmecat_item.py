"""One product of a BMEcat file, in the names of 2005."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from .features import NOT_APPLICABLE, UNKNOWN
from .words import address_cell, number_of
from .xml import child, children, local, text

PRODUCTS = ("ARTICLE", "PRODUCT")
PRICES = "T_UPDATE_PRICES"  # a transaction that says nothing else of its products
PICTURES = ("image/", "jpg", "jpeg", "png", "webp")
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif")
DETAILS = {"UN": UNKNOWN, "NA": NOT_APPLICABLE}
# PRODUCT_DIMENSIONS of BMEcat 2005 has no units of its own: kilograms, metres, cubic metres.
DIMENSIONS = {
    "WEIGHT": ("weight", "KILOGRAM"),
    "LENGTH": ("length", "METER"),
    "WIDTH": ("width", "METER"),
    "DEPTH": ("height", "METER"),
    "VOLUME": ("logistic_volume", "CUBIC_METER"),
}


@dataclass(frozen=True)
class Feature:
    """A feature with its values; `plain` are those that are values and not a reason for none."""

    name: str
    values: list[str]
    unit: str

    @property
    def plain(self) -> list[str]:
        return [v for v in self.values if v not in (UNKNOWN, NOT_APPLICABLE)]


@dataclass(frozen=True)
class Price:
    """`amount` is for `per` units, from a quantity on."""

    kind: str
    amount: str
    currency: str
    from_quantity: str
    valid_from: str
    valid_to: str
    per: str


@dataclass
class Item:
    """What a product says; texts are {language as written: text}."""

    id: str = ""
    mode: str = ""
    only_prices: bool = False
    family: str = ""
    name: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, str] = field(default_factory=dict)
    gtin: str = ""
    mpn: str = ""
    brand: str = ""
    remarks: str = ""
    order_unit: str = ""
    customs_tariff: str = ""
    country_of_origin: str = ""
    price_quantity: str = ""
    measures: dict[str, tuple[str, str]] = field(default_factory=dict)
    features: list[Feature] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    mimes: list[tuple[str, str]] = field(default_factory=list)
    udx: list[tuple[str, str]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)

    def media(self, role: str) -> list[str]:
        """Return the media for a role: the first picture, the other ones, the documents."""
        pictures = [source for kind, source in self.mimes if kind == "picture"]
        if role == "image":
            return pictures[:1]
        if role == "gallery":
            return pictures[1:]
        return [source for kind, source in self.mimes if kind == "document"]


def read_item(element, *, language: str, mime_root: str) -> Item:
    """Return what an ARTICLE or PRODUCT element says."""
    item = Item(
        id=text(element, "SUPPLIER_PID") or text(element, "SUPPLIER_AID"),
        mode=(element.get("mode") or "").lower(),
        only_prices=_stands_in(element) == PRICES,
    )
    for part in element:
        name = local(part).replace("ARTICLE_", "PRODUCT_")
        if name == "PRODUCT_DETAILS":
            _read_details(item, part, language)
        elif name == "PRODUCT_FEATURES":
            _read_features(item, part)
        elif name == "PRODUCT_LOGISTIC_DETAILS":
            _read_logistics(item, part)
        elif name == "PRODUCT_PRICE_DETAILS":
            item.prices += _prices(part)
        elif name == "PRODUCT_ORDER_DETAILS":
            _read_order(item, part)
        elif name == "MIME_INFO":
            item.mimes += _mimes(part, mime_root)
        elif name == "USER_DEFINED_EXTENSIONS":
            item.udx += _leaves(part)
        elif name == "PRODUCT_REFERENCE":
            item.references += _references(part)
    return item


def _stands_in(element) -> str:
    above = element.getparent()
    return local(above) if above is not None else ""


def _read_details(item: Item, details, language: str) -> None:
    for part in details:
        name, words = local(part), (part.text or "").strip()
        spoken = part.get("lang") or language
        if not words:
            continue
        if name == "DESCRIPTION_SHORT":
            item.name.setdefault(spoken, words[:255])
        elif name == "DESCRIPTION_LONG":
            item.description.setdefault(spoken, words)
        elif name == "KEYWORD":
            held = item.keywords.get(spoken)
            item.keywords[spoken] = f"{held}, {words}" if held else words
        elif name == "EAN" or (name == "INTERNATIONAL_PID" and _is_gtin(part)):
            item.gtin = item.gtin or words
        elif name in ("MANUFACTURER_PID", "MANUFACTURER_AID"):
            item.mpn = words
        elif name == "MANUFACTURER_NAME":
            item.brand = words
        elif name == "REMARKS":
            item.remarks = words


def _is_gtin(part) -> bool:
    return (part.get("type") or "").lower() in ("gtin", "ean", "upc", "")


def _read_features(item: Item, part) -> None:
    system = text(part, "REFERENCE_FEATURE_SYSTEM_NAME")
    group = text(part, "REFERENCE_FEATURE_GROUP_ID") or text(part, "REFERENCE_FEATURE_GROUP_NAME")
    if group and not item.family:
        # A class keeps its family when the release of its system changes: ETIM-9.0, ETIM-10.0.
        item.family = f"{system.split('-')[0]} {group}".strip()
    for feature in children(part, "FEATURE"):
        name = text(feature, "FNAME")
        values = [(value.text or "").strip() for value in children(feature, "FVALUE")]
        values = [value for value in values if value]
        if values == ["-"]:
            values = [DETAILS.get(text(feature, "FVALUE_DETAILS"), "")]
            values = [value for value in values if value]
        if name:
            item.features.append(Feature(name, values, text(feature, "FUNIT")))


def _read_order(item: Item, part) -> None:
    item.order_unit = text(part, "ORDER_UNIT")
    item.price_quantity = text(part, "PRICE_QUANTITY")


def _read_logistics(item: Item, part) -> None:
    """Take weight and size, the customs number and the first country of origin."""
    tariff = child(part, "CUSTOMS_TARIFF_NUMBER")
    item.customs_tariff = text(part if tariff is None else tariff, "CUSTOMS_NUMBER")
    item.country_of_origin = text(part, "COUNTRY_OF_ORIGIN")
    dimensions = child(part, "PRODUCT_DIMENSIONS")
    for name, (measure, unit) in DIMENSIONS.items() if dimensions is not None else ():
        amount = number_of(text(dimensions, name))
        if amount is not None and float(amount):
            item.measures[measure] = (amount, unit)


def _prices(part) -> Iterator[Price]:
    dates = {moment.get("type"): _moment(moment) for moment in children(part, "DATETIME")}
    start = dates.get("valid_start_date") or text(part, "VALID_START_DATE")
    end = dates.get("valid_end_date") or text(part, "VALID_END_DATE")
    for price in part:
        if local(price) in ("ARTICLE_PRICE", "PRODUCT_PRICE"):
            amount = number_of(text(price, "PRICE_AMOUNT"))
            yield Price(
                kind=price.get("price_type") or "net_list",
                amount=amount if amount is not None else text(price, "PRICE_AMOUNT"),
                currency=text(price, "PRICE_CURRENCY"),
                from_quantity=(number_of(text(price, "LOWER_BOUND")) or "").split(".")[0],
                valid_from=start,
                valid_to=end,
                per=text(price, "PRICE_QUANTITY"),
            )


def _moment(moment) -> str:
    return " ".join(filter(None, (text(moment, "DATE"), text(moment, "TIME"))))


def _mimes(part, root: str) -> Iterator[tuple[str, str]]:
    for mime in sorted(children(part, "MIME"), key=_order):
        source, purpose = text(mime, "MIME_SOURCE"), text(mime, "MIME_PURPOSE").lower()
        kind = text(mime, "MIME_TYPE").lower()
        if not source or kind == "url" or purpose in ("thumbnail", "icon", "logo"):
            continue
        # Documents are pictures too, of pages; what ends like a picture is one.
        picture = kind.startswith(PICTURES) or source.lower().endswith(PICTURE_ENDINGS)
        if root.lower().startswith(("http://", "https://")):
            source = urljoin(f"{root.rstrip('/')}/", source)
        yield "picture" if picture else "document", address_cell(source)


def _order(mime) -> float:
    return float(number_of(text(mime, "MIME_ORDER")) or 99)


def _leaves(part, path: str = "") -> Iterator[tuple[str, str]]:
    for inner in part:
        name = local(inner)
        if len(inner):
            yield from _leaves(inner, name)
        elif (words := (inner.text or "").strip()) and name:
            yield name, words


def _references(part) -> Iterator[tuple[str, str]]:
    other = child(part, "PROD_ID_TO")
    other = other if other is not None else child(part, "ART_ID_TO")
    if other is not None and (other.text or "").strip():
        yield part.get("type") or "others", other.text.strip()
