"""The parts of a leaflet: its offers, their cards, its pages."""
