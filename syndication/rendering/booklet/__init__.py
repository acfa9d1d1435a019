"""Booklets: pages put on sheets so that, printed on both sides and folded, they read in order."""
