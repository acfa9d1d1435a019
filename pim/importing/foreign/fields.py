"""Attributes that files of all systems have: how each is made where it is missing."""


def _text(kind: str, role: str, label: str) -> tuple[str, dict]:
    return kind, {"role": role, "label": label, "localizable": True}


def _metric(role: str, label: str, family: str, unit: str) -> tuple[str, dict]:
    rules = {"metric_family": family, "default_metric_unit": unit}
    return "metric", {"role": role, "label": label, "rules": rules}


def _media(role: str, label: str, most: str) -> tuple[str, dict]:
    return "media", {"role": role, "label": label, "rules": {"max_items": most}}


FIELDS: dict[str, tuple[str, dict]] = {
    "name": _text("text", "name", "Name"),
    "short_description": _text("richtext", "short_description", "Short description"),
    "description": _text("richtext", "description", "Description"),
    "keywords": _text("text", "keywords", "Keywords"),
    "meta_title": _text("text", "meta_title", "Meta title"),
    "meta_description": _text("textarea", "meta_description", "Meta description"),
    "warranty": ("textarea", {"label": "Warranty", "localizable": True}),
    "gtin": ("text", {"role": "gtin", "label": "GTIN"}),
    "mpn": ("text", {"role": "mpn", "label": "Manufacturer's number"}),
    "brand": ("select", {"role": "brand", "label": "Brand"}),
    "released": ("date", {"label": "Released"}),
    "remarks": ("textarea", {"label": "Remarks"}),
    "order_unit": ("text", {"label": "Order unit"}),
    "customs_tariff": ("text", {"label": "Customs tariff number"}),
    "country_of_origin": ("text", {"label": "Country of origin"}),
    "google_category": ("text", {"role": "google_category", "label": "Google category"}),
    "gender": ("text", {"role": "gender", "label": "Gender"}),
    "age_group": ("text", {"role": "age_group", "label": "Age group"}),
    "condition": ("text", {"role": "condition", "label": "Condition"}),
    "weight": _metric("weight", "Weight", "Weight", "GRAM"),
    "length": _metric("length", "Length", "Length", "CENTIMETER"),
    "width": _metric("width", "Width", "Length", "CENTIMETER"),
    "height": _metric("height", "Height", "Length", "CENTIMETER"),
    "logistic_volume": _metric("", "Volume in transport", "Volume", "CUBIC_METER"),
    "image": ("image", {"role": "image", "label": "Picture"}),
    "gallery": _media("gallery", "More pictures", "50"),
    "document": _media("document", "Documents", "20"),
}
