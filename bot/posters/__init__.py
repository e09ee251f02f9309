"""Posters and cards on paper, with codes that lead to the chat."""
