"""How long things are kept, and that nobody who was erased comes back."""
