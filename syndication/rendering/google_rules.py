"""Google's product data specification as data: limits, enumerations and what is refused."""

import re

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

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
NO_DETAIL = {
    "richtext", "textarea", "media", "price", "product", "table", "packaging", "identifier",
}  # fmt: skip
SENTENCES = {
    "missing_name": _("There is no name in this language; Google needs a title."),
    "missing_description": _("There is no description in this language; Google needs one."),
    "missing_image": _("There is no picture; Google needs at least one."),
    "small_image": _("The main picture is smaller than 500 × 500 pixels, which Google refuses."),
    "missing_price": _("There is no price above zero in %(currency)s."),
    "missing_brand": _("There is no brand; fill the brand or set one for the whole feed."),
    "missing_availability_date": _("%(state)s needs the date from which the product is available."),
    "id_too_long": _("The identifier has more than 50 characters."),
    "invalid_gtin": _("“%(text)s” is no valid GTIN; it is left out."),
    "restricted_gtin": _("GTIN “%(text)s” is for use inside one company; it is left out."),
    "shortened": _("The text has more than %(limit)s characters and was shortened."),
    "invalid_choice": _("“%(text)s” is not one of: %(choices)s."),
    "invalid_color": _("“%(text)s” is no name of a colour; it is left out."),
    "no_identifier": _("There is neither GTIN nor MPN; the item is sent as having no identifier."),
    "price_without_tax": _("The price does not include tax, which Google expects here."),
    "too_many_details": _("There are more than %(limit)s details; the rest is left out."),
}
NO_PRICE = _("There is no price above zero in any currency.")
CURES = {
    "missing_name": gettext_lazy(
        "Fill the attribute with the role “name” in this language, or give the locale a parent "
        "to fall back to."
    ),
    "missing_description": gettext_lazy(
        "Fill the attribute with the role “description” in this language, or give the locale a "
        "parent to fall back to."
    ),
    "missing_image": gettext_lazy(
        "Add a picture to the product or to its model, in an attribute with the role “main "
        "picture” or “gallery”."
    ),
    "small_image": gettext_lazy("Replace the main picture by one of at least 500 × 500 pixels."),
    "missing_price": gettext_lazy(
        "Give the product a price in this currency, as an attribute or in a price list, or "
        "choose another currency in the settings of the output."
    ),
    "missing_brand": gettext_lazy(
        "Fill the attribute with the role “brand”, or name one in the settings of the output for "
        "all products without."
    ),
    "missing_availability_date": gettext_lazy(
        "Say with the availability from which day the product can be had."
    ),
    "id_too_long": gettext_lazy("Give the product an identifier of at most 50 characters."),
    "invalid_gtin": gettext_lazy("Correct the GTIN: its last digit is a check digit."),
    "restricted_gtin": gettext_lazy("Use a GTIN from GS1, or leave it empty."),
    "shortened": gettext_lazy("Write a shorter text for this channel."),
    "invalid_choice": gettext_lazy("Use one of the values that Google knows."),
    "invalid_color": gettext_lazy("Name the colour in words, such as “Navy”."),
    "no_identifier": gettext_lazy("Fill the GTIN, or the MPN where there is no GTIN."),
    "price_without_tax": gettext_lazy("Use a price list whose prices include tax."),
    "too_many_details": gettext_lazy(
        "Keep the most important attributes first, or send no product details."
    ),
}
