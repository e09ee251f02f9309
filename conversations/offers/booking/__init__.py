"""Booking: one offer, its conditions, for whom it is, and what is said afterwards."""
