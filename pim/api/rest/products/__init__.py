"""Products, product models and their media in the PIM REST API."""
