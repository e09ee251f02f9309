"""Conversations about what happens around a session, for who takes part."""
