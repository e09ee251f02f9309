"""The deeds of conversations, performed in the same transaction as the turn that asked for them."""
