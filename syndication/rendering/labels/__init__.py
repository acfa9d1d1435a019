"""The parts of sheets of labels: their stock, what a label says, its setting, the sheets."""
