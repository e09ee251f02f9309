"""The outbox: each class by its promise."""
