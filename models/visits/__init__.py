"""Appointments with professionals: their hours, free slots, what is taken, and what is forgotten afterwards."""
