"""Conversations about what happens around a session, for staff and for who leads it."""
