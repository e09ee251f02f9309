"""Conversations in which people are asked, vote, belong and tell: surveys, votes, clubs, boxes."""
