"""Conversations as pages anyone can read."""
