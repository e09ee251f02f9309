"""Performing what concerns listings, sessions, calls and who may take part, and what staff do with them."""
