"""Many people at once: broadcasts, digests, surveys, and what was reached."""
