"""Moving in from a running system: its structure, products and media, read through its REST."""
