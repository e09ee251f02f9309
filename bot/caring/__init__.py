"""For the team and for safety: who is told that somebody waits, and that an answer runs out."""
