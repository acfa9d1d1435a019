"""The words of placing rules, as they are stored with an output."""

PRODUCT, FAMILY, CATEGORY = "product", "family", "category"
ATTRIBUTE, VARIANTS = "attribute", "variants"
CONDITIONS = (PRODUCT, FAMILY, CATEGORY, ATTRIBUTE, VARIANTS)
BREAK, TOGETHER, FIRST, PIN = "break", "together", "first", "pin"
BY_HAND = (BREAK, TOGETHER, FIRST, PIN)
LAYOUT = "layout:"  # before the code of a layout
