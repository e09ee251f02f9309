"""Conversations about offers."""
