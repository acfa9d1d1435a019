"""The parts of a price list: rows, their order, pages set in runs, binding."""
