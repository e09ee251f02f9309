"""What people, guardians and staff say and tap about trips, places to clean and buddies."""
