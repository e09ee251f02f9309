"""Conversations about appointments with professionals."""
