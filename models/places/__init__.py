"""Places in sessions: who has one, who waits, who may have one, and who came."""
