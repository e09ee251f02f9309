"""Seats by the slot, and the print queue."""
