"""The sample programme: the five projects with invented timetables that never expire, and DEMO people."""

from bot.sample.loading import is_empty, load

__all__ = ["is_empty", "load"]
