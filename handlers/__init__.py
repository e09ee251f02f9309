"""Who carries it: one folder per channel, and the contract they all keep."""
