"""What is for everybody: the answer book, announcements, the places, and how far all of it reaches."""
