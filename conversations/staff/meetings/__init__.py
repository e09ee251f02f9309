"""One meeting: moved, cancelled, added; who comes, who waits, who was there, how many heads."""
