"""Performing what concerns appointments and calendars, seats and papers to print."""
