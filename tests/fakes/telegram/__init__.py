"""A strict fake of the Telegram Bot API: checks every call, and lets tests act as the people on the other side."""

from __future__ import annotations

from tests.fakes.telegram.faults import Fault, Rate
from tests.fakes.telegram.groups import Group, Topic
from tests.fakes.telegram.odd import odd_bodies
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.server import TOKEN, FakeTelegram
from tests.fakes.telegram.state import Call, Shown

__all__ = ["TOKEN", "Call", "FakeTelegram", "Fault", "Group", "Person", "Rate", "Shown", "Topic", "odd_bodies"]
