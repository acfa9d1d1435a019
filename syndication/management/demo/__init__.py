"""The demonstration: the demo catalogue loaded, every output issued, every process running."""
