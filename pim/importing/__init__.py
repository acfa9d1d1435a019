"""Readers of file formats and the plan of what their rows say; pim.actions applies it."""
