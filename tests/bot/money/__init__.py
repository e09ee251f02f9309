"""Money: what is paid, what is not, and what is kept of it."""
