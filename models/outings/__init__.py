"""Trips and their consent, and buddies."""
