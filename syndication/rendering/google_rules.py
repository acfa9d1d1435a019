"""Google's product data specification as data: limits, enumerations and what is refused."""

import re

LIMITS = {
    "id": 50,
    "title": 150,
    "description": 5000,
    "brand": 70,
    "mpn": 70,
    "item_group_id": 50,
    "color": 100,
    "size": 100,
    "material": 200,
    "pattern": 100,
    "product_type": 750,
}
MAX_DETAILS, MAX_PICTURES, MIN_PIXELS = 100, 10, 500
# The first that leaves both sides at MIN_PIXELS or more; pictures are never enlarged.
PICTURE_WIDTHS = (1200, 1600, 2000)
AVAILABILITY = {
    "in_stock": "in_stock",
    "out_of_stock": "out_of_stock",
    "preorder": "preorder",
    "backorder": "backorder",
    "discontinued": "out_of_stock",
}
ENUMS = {
    "condition": {"new", "refurbished", "used"},
    "age_group": {"newborn", "infant", "toddler", "kids", "adult"},
    "gender": {"male", "female", "unisex"},
}
# Google wants the colour's name: no digits only, no codes, no "multicolour".
NO_COLOR = re.compile(r"^(?:[\d\s]+|#[0-9a-f]{3,8}|multi-?colou?r(?:ed)?)$", re.I)
WEIGHT_UNITS = {"GRAM": "g", "KILOGRAM": "kg", "POUND": "lb", "OUNCE": "oz"}
TEXT_ROLES = ("color", "size", "material", "pattern")
NO_DETAIL = {"richtext", "textarea", "media", "price", "product", "table", "identifier"}
SENTENCES = {
    "missing_name": "There is no name in this language; Google needs a title.",
    "missing_description": "There is no description in this language; Google needs one.",
    "missing_image": "There is no picture; Google needs at least one.",
    "small_image": "The main picture is smaller than 500 × 500 pixels, which Google refuses.",
    "missing_price": "There is no price above zero in {currency}.",
    "missing_brand": "There is no brand; fill the brand or set one for the whole feed.",
    "missing_availability_date": "{state} needs the date from which the product is available.",
    "id_too_long": "The identifier has more than 50 characters.",
    "invalid_gtin": "“{text}” is no valid GTIN; it is left out.",
    "restricted_gtin": "GTIN “{text}” is for use inside one company; it is left out.",
    "shortened": "The text has more than {limit} characters and was shortened.",
    "invalid_choice": "“{text}” is not one of: {choices}.",
    "invalid_color": "“{text}” is no name of a colour; it is left out.",
    "no_identifier": "There is neither GTIN nor MPN; the item is sent as having no identifier.",
    "price_without_tax": "The price does not include tax, which Google expects here.",
    "too_many_details": "There are more than {limit} details; the rest is left out.",
}
