"""What is said: every conversation as a declared state machine, and the engine that turns it."""
