"""Who may take part in a listing: its conditions, kept places, and the decisions."""
