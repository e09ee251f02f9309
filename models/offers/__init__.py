"""What is on offer: organisations, places in the country, listings, sessions, series and their calls."""
