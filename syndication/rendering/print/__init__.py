"""The parts of a printed catalogue: sheet, cards, chapters, furniture, binding."""
