"""Receiving from Viber, over real HTTP."""
