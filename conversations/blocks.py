"""What each building block of the programme is: which conversation shows it, and what its time means."""

from __future__ import annotations

from collections.abc import Mapping

OPENS: Mapping[str, str] = {
    "OFF": "offer",
    "CALL": "call",
    "GRANT": "call",
    "APT": "appointment",
    "RES": "resource",
}
"""The conversation that shows a listing of a block to people; it is seeded with {"listing": id}."""
GOES_ON: Mapping[str, str] = {
    "OFF": "see_offer",
    "CALL": "call",
    "GRANT": "call",
    "APT": "see_appointment",
    "RES": "see_resource",
}
"""The standing action that opens it; it is about {"listing": id}."""
IN_SESSIONS = ("OFF",)
"""Blocks with sessions: they are over when none is to come."""
WITH_DEADLINE = ("CALL", "GRANT")
"""Blocks with a deadline: people register for them until then."""
AT_ANY_TIME = ("APT", "RES")
"""Blocks with neither: what is free is worked out when somebody asks."""
