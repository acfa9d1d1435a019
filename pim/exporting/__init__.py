"""Files for others: tables of products, for people to read or for machines to read back."""
