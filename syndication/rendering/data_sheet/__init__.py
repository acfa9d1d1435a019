"""The parts of a technical data sheet: what it says, its setting, its files."""
