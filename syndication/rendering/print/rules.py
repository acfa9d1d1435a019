"""The words of placing rules, as they are stored with an output."""

PRODUCT, FAMILY, CATEGORY = "product", "family", "category"
ATTRIBUTE, VARIANTS = "attribute", "variants"
CONDITIONS = (PRODUCT, FAMILY, CATEGORY, ATTRIBUTE, VARIANTS)
BREAK, TOGETHER, FIRST, PIN = "break", "together", "first", "pin"
BEFORE, AFTER = "before", "after"  # the product that the row's value names
BESIDE = (BEFORE, AFTER)
BY_HAND = (BREAK, TOGETHER, FIRST, PIN, *BESIDE)
LAYOUT = "layout:"  # before the code of a layout
