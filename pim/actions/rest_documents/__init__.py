"""Documents of the PIM-compatible REST, read into our wishes: for its doors and for moves."""
