"""Requests to the team, safety cases, the staff desk, and the answer book."""
