"""Conversations about staff."""
