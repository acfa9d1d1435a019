"""Benchmarks: `python -m benchmarks.<name>`, naive and ours in turn in one run, with ratios."""
