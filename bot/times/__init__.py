"""Dates, hours, breaks and calendars."""
