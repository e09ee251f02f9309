"""Who people are: addresses, guardians, consent, staff, and what happens when two are one or somebody leaves."""
