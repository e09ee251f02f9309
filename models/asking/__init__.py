"""Surveys, votes, boxes and clubs."""
