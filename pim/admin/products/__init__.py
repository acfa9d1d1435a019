"""The product pages of the desk: list, page, creation and what belongs to them."""
