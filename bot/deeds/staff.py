"""Performing the deeds about staff."""

from __future__ import annotations

from bot.deeds import staff_broadcasts, staff_listings, staff_sessions
from bot.deeds.performing import Performers

PERFORM: Performers = {**staff_listings.PERFORM, **staff_sessions.PERFORM, **staff_broadcasts.PERFORM}
