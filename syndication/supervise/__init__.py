"""Untrusted work in child processes: limits, deadlines, and nothing to reach but files."""
