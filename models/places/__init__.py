"""Places in sessions: who has one, who waits, and who may have one."""
