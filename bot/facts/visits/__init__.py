"""Facts about appointments and calendars, seats and papers to print."""
