"""What a performer of deeds is: a function in the turn's transaction, told who acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.doing import Doing
from conversations.deeds import Deed
from conversations.speech import Done

Performers = dict[type[Deed], Callable[[Doing, Any], Done | None]]
"""For each type of deed, who performs it. It authorises again: who acts, on what, still possible?"""
