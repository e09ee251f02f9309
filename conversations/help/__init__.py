"""Conversations about help: talking to a person, answers and rights, numbers to call."""
