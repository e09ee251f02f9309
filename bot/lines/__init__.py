"""The channels in the house: when they come, what they show of themselves, how one comes in."""
