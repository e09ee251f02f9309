"""Families: their helpers, and what is signed on paper."""
