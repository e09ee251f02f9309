"""Conversations about resources: seats by the slot, papers to be printed, and the staff side of both."""
