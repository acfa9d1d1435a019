"""One product of Icecat: from its own XML, or from the line of the index."""

import re
from dataclasses import dataclass, field

from .words import address_cell, code_of
from .xml import child, children

# The numbers of Icecat's languages.
LANGUAGES = dict(
    enumerate(
        "en nl fr de it es da ru en-US pt-BR pt zh sv pl cs hu fi el nb tr bg ka ro sr uk ja ca "
        "es-AR hr ar vi ko mk sl en-SG en-ZA zh-TW he lt lv en-IN de-CH id sk fa es-MX et de-BE "
        "fr-BE nl-BE th".split(),
        start=1,
    )
)
YES_NO = {"Y": "yes", "N": "no"}


@dataclass(frozen=True)
class Feature:
    """A feature; its name is a code that does not depend on the language."""

    name: str
    label: str
    values: list[str]
    unit: str


@dataclass
class Item:
    """What a product says; texts are {language: text}."""

    id: str = ""
    language: str = ""
    category: str = ""
    category_id: str = ""
    name: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    warranty: dict[str, str] = field(default_factory=dict)
    gtin: str = ""
    mpn: str = ""
    brand: str = ""
    released: str = ""
    features: list[Feature] = field(default_factory=list)
    image: list[str] = field(default_factory=list)
    gallery: list[str] = field(default_factory=list)
    document: list[str] = field(default_factory=list)


def product_item(product) -> Item:
    """Return what a Product element says; one that stands for an error has no id."""
    if product.get("Code") == "-1" or product.get("ErrorMessage"):
        return Item()
    number = product.get("Prod_id") or product.get("Prod_ID") or ""
    item = Item(id=_identifier(number), mpn=number, language=_language_of(product))
    item.released = _date(product.get("ReleaseDate"))
    _read_names(item, product)
    _read_texts(item, product)
    _read_pictures(item, product)
    item.features = [f for part in children(product, "ProductFeature") if (f := _feature(part))]
    return item


def index_item(line) -> Item:
    """Return what a line of the index says: a stub with its numbers, name and picture."""
    number = line.get("Prod_ID") or line.get("Prod_id") or ""
    gtins = child(line, "EAN_UPCS")
    values = [part.get("Value") or "" for part in gtins] if gtins is not None else []
    return Item(
        id=_identifier(number),
        mpn=number,
        category_id=line.get("Catid") or "",
        name={"en": line.get("Model_Name")} if line.get("Model_Name") else {},
        gtin=next((v for v in values if v), "") or line.get("EAN_UPC") or "",
        image=_addresses(line.get("HighPic")),
    )


def _identifier(number: str) -> str:
    return re.sub(r"[,;\s]+", "_", number.strip())


def _date(text: str | None) -> str:
    found = re.match(r"\d{4}-\d{2}-\d{2}", text or "")
    return found[0] if found and not found[0].startswith("0000") else ""


def _language_of(product) -> str:
    summary = child(product, "SummaryDescription")
    for holder in (summary, child(product, "Category"), product):
        for part in holder if holder is not None else ():
            if part.get("langid"):
                return _language(part)
    return ""


def _language(part, default: str = "") -> str:
    number = part.get("langid") or ""
    return LANGUAGES.get(int(number), default) if number.isdigit() else default


def _read_names(item: Item, product) -> None:
    title = product.get("Title") or product.get("Name") or ""
    if title:
        item.name[item.language] = title[:255]
    gtins = [part.get("EAN") or "" for part in children(product, "EANCode")]
    item.gtin = next((gtin for gtin in gtins if gtin), "")
    supplier, category = child(product, "Supplier"), child(product, "Category")
    item.brand = (supplier.get("Name") or "") if supplier is not None else ""
    if category is not None:
        item.category_id = category.get("ID") or ""
        named = child(category, "Name")
        item.category = (named.get("Value") if named is not None else category.get("Name")) or ""


def _read_texts(item: Item, product) -> None:
    for described in children(product, "ProductDescription"):
        language = _language(described, item.language)
        long = (described.get("LongDesc") or "").replace("\\n", "<br>").strip()
        if long:
            item.description.setdefault(language, long)
        if warranty := (described.get("WarrantyInfo") or "").replace("\\n", "\n").strip():
            item.warranty.setdefault(language, warranty)
        for name in ("ManualPDFURL", "PDFURL"):
            item.document += _addresses(described.get(name))
    summary = child(product, "SummaryDescription")
    for short in children(summary, "ShortSummaryDescription") if summary is not None else ():
        if words := (short.text or "").strip():
            item.short_description.setdefault(_language(short, item.language), words)
    for long in children(summary, "LongSummaryDescription") if summary is not None else ():
        if words := (long.text or "").strip():
            item.description.setdefault(_language(long, item.language), words)


def _read_pictures(item: Item, product) -> None:
    found = _addresses(product.get("HighPic") or product.get("Pic"))
    gallery = child(product, "ProductGallery")
    for picture in children(gallery, "ProductPicture") if gallery is not None else ():
        found += _addresses(picture.get("Original") or picture.get("Pic"))
    found = list(dict.fromkeys(found))
    item.image, item.gallery = found[:1], found[1:]
    media = child(product, "ProductMultimediaObject")
    for part in children(media, "MultimediaObject") if media is not None else ():
        if (part.get("ContentType") or "") == "application/pdf":
            item.document += _addresses(part.get("URL"))
    item.document = list(dict.fromkeys(item.document))


def _addresses(url: str | None) -> list[str]:
    return [address_cell(url)] if url and url.startswith(("http://", "https://")) else []


def _feature(part) -> Feature | None:
    feature = child(part, "Feature")
    named = child(feature, "Name")
    label = (named.get("Value") or "").strip() if named is not None else ""
    value = (part.get("Value") or "").strip()
    shown = (part.get("Presentation_Value") or "").strip()
    if not label or not (value or shown):
        return None
    measure = child(feature, "Measure")
    unit = (measure.get("Sign") or "").strip() if measure is not None else ""
    number = feature.get("ID") or part.get("Feature_ID") or ""
    # The number keeps the attribute the same in all languages.
    name = f"icecat {number}" if number else f"icecat {code_of(label)}"
    if not value:
        value, unit = shown, ""
    return Feature(name, label, [YES_NO.get(value, value)], unit)
