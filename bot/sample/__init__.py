"""The sample programme: the five projects with invented timetables that never expire, and DEMO people."""

from bot.sample.loading import furnish_places, load

__all__ = ["furnish_places", "load"]
