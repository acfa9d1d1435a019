"""Catalogs: what a connection asks for, and the products that people give it."""
