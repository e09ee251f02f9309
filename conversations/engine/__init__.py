"""The engine that holds conversations: what was heard, where it leads, what is asked next and what is kept."""
