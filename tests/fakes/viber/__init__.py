"""A strict fake of Viber's REST API: checks every call, signs its callbacks, and lets tests act as people."""

from __future__ import annotations

from tests.fakes.telegram.faults import Fault
from tests.fakes.viber.checks import Refused, status
from tests.fakes.viber.people import Person
from tests.fakes.viber.server import TOKEN, FakeViber
from tests.fakes.viber.state import Call, Shown

__all__ = ["TOKEN", "Call", "FakeViber", "Fault", "Person", "Refused", "Shown", "status"]
