"""Facts about the team and its answers, safety, and messages to many."""
