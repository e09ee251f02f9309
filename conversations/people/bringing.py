"""What a chat brings to the one that it joins, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.people.words import ROLES
from conversations.speech import Joined, Text, Value, _, n_


def things(counted: Mapping[str, Any]) -> Joined | None:
    """What belongs to a chat, counted in words; None for nothing."""
    parts: list[Value] = []
    if counted.get("bookings"):
        parts.append(n_("{n} booking", "{n} bookings").of(n=int(counted["bookings"])))
    if counted.get("waiting"):
        parts.append(n_("{n} place in a waiting list", "{n} places in waiting lists").of(n=int(counted["waiting"])))
    if counted.get("applications"):
        parts.append(n_("{n} application to a call", "{n} applications to calls").of(n=int(counted["applications"])))
    if counted.get("children"):
        parts.append(n_("{n} child", "{n} children").of(n=int(counted["children"])))
    if counted.get("sharing"):
        parts.append(n_("{n} person on this phone", "{n} people on this phone").of(n=int(counted["sharing"])))
    parts.extend(ROLES[role] for role in counted.get("roles") or () if role in ROLES)
    return Joined(tuple(parts), "commas") if parts else None


def brings(counted: Mapping[str, Any]) -> Text | None:
    """What a chat brings, as a sentence; None for nothing."""
    found = things(counted)
    return _("It brings: {things}.").of(things=found) if found else None
