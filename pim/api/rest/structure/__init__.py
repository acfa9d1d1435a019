"""Structure endpoints of the PIM REST API: attributes, families, categories, channels and so on."""
