"""Sending to Viber, over real HTTP to the strict fake."""
