"""What the channel keeps in memory of each person, until it forgets: client version, sends of the hour, keyboard."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from conversations.speech import SpokenButton
from handlers.viber.errors import ViberFailed, hourly
from handlers.viber.layout import fits_on_grid

IN_AN_HOUR = 100
"""Messages to one person in a clock hour without a reply (creators.viber.com, messaging, send-message)."""
PEOPLE = 20_000
"""Of how many people something is kept."""


@dataclass(slots=True)
class Known:
    """One person."""

    version: int | None = None
    hour: datetime | None = None
    sent: int = 0
    told_to_wait: bool = False
    shown: list[tuple[SpokenButton, ...]] = field(default_factory=list)
    """Buttons sent since the person last did something, the newest message first."""


class Acquaintances:
    """Everybody who wrote or was written to lately. Nothing here outlives the process, nor need it."""

    def __init__(self, most: int = PEOPLE) -> None:
        self._most = most
        self._people: OrderedDict[str, Known] = OrderedDict()

    def _known(self, external_id: str) -> Known:
        known = self._people.setdefault(external_id, Known())
        self._people.move_to_end(external_id)
        if len(self._people) > self._most:
            self._people.popitem(last=False)
        return known

    def heard_from(self, external_id: str, version: int | None = None) -> None:
        """A person did something: the hundred of the hour begin anew, and older buttons have had their time."""
        known = self._known(external_id)
        known.version = version or known.version
        known.hour, known.sent, known.told_to_wait = None, 0, False
        known.shown.clear()

    def version(self, external_id: str) -> int | None:
        """The version of the person's client, None if it is not known."""
        known = self._people.get(external_id)
        return known.version if known else None

    def is_older(self, external_id: str, than: int) -> None:
        """The platform says that one of the person's devices is older than this."""
        self._known(external_id).version = than - 1

    # ------------------------------------------------------------ the hourly rule

    def check_hour(self, external_id: str, now: datetime) -> None:
        """Raises ViberFailed "wait" where one more message would break the rule."""
        known = self._people.get(external_id)
        if known is not None and known.hour == _hour(now) and known.sent >= IN_AN_HOUR:
            raise hourly(now)

    def was_sent(self, external_id: str, now: datetime) -> None:
        """The platform took one message."""
        known = self._known(external_id)
        if known.hour != _hour(now):
            known.hour, known.sent = _hour(now), 0
        known.sent += 1
        known.told_to_wait = False

    def was_too_many(self, external_id: str, failure: ViberFailed, now: datetime) -> ViberFailed:
        """What a status 12 means: at first the rate, and if it comes again the rule of the hour.

        The rule can bite before our own count does: after a restart the count begins anew.
        """
        known = self._known(external_id)
        if known.told_to_wait:
            known.hour, known.sent = _hour(now), IN_AN_HOUR
            return hourly(now)
        known.told_to_wait = True
        return failure

    # ------------------------------------------------------------ the keyboard

    def beside(self, external_id: str, buttons: Sequence[SpokenButton]) -> tuple[SpokenButton, ...]:
        """These buttons, and those of the messages just before that the person has not answered yet.

        Viber shows one keyboard, the last that it got. Where a confirmation, a reminder and the question of
        a conversation follow each other, the last would take away the buttons of the others.
        """
        known = self._people.get(external_id)
        if not buttons or known is None:
            return tuple(buttons)
        together = list(buttons)
        for earlier in known.shown:
            labels = {button.label.casefold() for button in together}
            fresh = [button for button in earlier if button.label.casefold() not in labels and not button.asks]
            if not fits_on_grid([*together, *fresh]):
                break
            together.extend(fresh)
        return tuple(together)

    def were_shown(self, external_id: str, buttons: tuple[SpokenButton, ...]) -> None:
        """A message with these buttons of its own was taken."""
        if buttons:
            known = self._known(external_id)
            known.shown = [buttons, *known.shown][:4]


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
