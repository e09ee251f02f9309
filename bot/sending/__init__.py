"""Sends what was committed: in which order, how fast, and what became of it."""
