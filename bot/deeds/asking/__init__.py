"""Performing what concerns surveys, votes, clubs and boxes."""
