"""Conversations about calls: internships, jobs, training, grants."""
