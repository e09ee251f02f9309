"""Places, conditions, appointments and what comes after a session, as the house runs them."""
