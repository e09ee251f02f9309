"""Who came to a session, who excuses themself, how many were there, and the code of the room."""
