"""Tests: behaviour, with real parts."""
