"""Facts about surveys, votes, clubs and boxes."""
