"""What comes in at the desk, beyond what every channel tells: where it was said, and by a member or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handlers.channel import Arrival

CHANNEL = "desk"
SIGN = "👍"
"""An answer of the house that is put below a message as a sign, instead of a message of its own."""


@dataclass(frozen=True, slots=True)
class DeskArrival(Arrival):
    """An arrival at the desk. `place` is "" in a private chat, else the group's number, with "/" and its topic's.

    `member` says that whoever sent it is in the group now, `answers` that it replies to something of the
    bot's. `change` tells of the group itself: the bot is out of it, in it (again), or it has the number
    `moved_to` from now on.
    """

    place: str = ""
    member: bool = False
    answers: bool = False
    change: Literal["", "out", "in", "moved"] = ""
    moved_to: int = 0

    @property
    def chat(self) -> int:
        """The number of the group; 0 in a private chat."""
        return int(self.place.partition("/")[0]) if self.place else 0

    @property
    def thread(self) -> int:
        """The number of the topic; 0 outside of one."""
        thread = self.place.partition("/")[2]
        return int(thread) if thread else 0
