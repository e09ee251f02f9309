"""What is known of each person on the channel: client version, sends of the hour, keyboard. Where: memory.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from conversations.speech import SpokenButton
from handlers.viber.layout import fits_on_grid

IN_AN_HOUR = 100
"""Messages to one person in a clock hour without a reply (creators.viber.com, messaging, send-message)."""
KEYBOARDS = 4
"""Of how many messages the buttons are remembered."""


@dataclass(frozen=True, slots=True)
class Known:
    """One person, as they are known now. `hour` is the clock hour (UTC) that `sent` counts."""

    version: int | None = None
    hour: datetime | None = None
    sent: int = 0
    told_to_wait: bool = False
    shown: tuple[tuple[SpokenButton, ...], ...] = ()
    """Buttons sent since the person last did something, the newest message first."""

    def heard(self, version: int | None = None) -> Known:
        """They did something: the hundred of the hour begin anew, and older buttons have had their time."""
        return Known(version=version or self.version)

    def older(self, than: int) -> Known:
        """The platform says that one of their devices is older than this."""
        return replace(self, version=than - 1)

    def took(self, now: datetime, buttons: tuple[SpokenButton, ...]) -> Known:
        """The platform took one message for them, with these buttons of its own."""
        return replace(
            self,
            hour=_hour(now),
            sent=self.sent + 1 if self.hour == _hour(now) else 1,
            told_to_wait=False,
            shown=(buttons, *self.shown)[:KEYBOARDS] if buttons else self.shown,
        )

    def welcomed(self, buttons: tuple[SpokenButton, ...]) -> Known:
        """They were shown a welcome, which counts in no hour."""
        return replace(self, shown=(buttons, *self.shown)[:KEYBOARDS] if buttons else self.shown)

    def turned_away(self, now: datetime) -> Known:
        """The platform said "too many": at first that is the rate, and if it comes again the rule of the hour.

        The rule can bite before our own count does, where a message was taken and nobody lived to count it.
        """
        if self.told_to_wait:
            return replace(self, hour=_hour(now), sent=IN_AN_HOUR)
        return replace(self, told_to_wait=True)

    def full(self, now: datetime) -> bool:
        """True where one more message would break the rule of the hour."""
        return self.hour == _hour(now) and self.sent >= IN_AN_HOUR

    def beside(self, buttons: Sequence[SpokenButton]) -> tuple[SpokenButton, ...]:
        """These buttons, and those of the messages just before that the person has not answered yet.

        Viber shows one keyboard, the last that it got. Where a confirmation, a reminder and the question of
        a conversation follow each other, the last would take away the buttons of the others.
        """
        together = list(buttons)
        for earlier in self.shown if buttons else ():
            labels = {button.label.casefold() for button in together}
            fresh = [button for button in earlier if button.label.casefold() not in labels and not button.asks]
            if not fits_on_grid([*together, *fresh]):
                break
            together.extend(fresh)
        return tuple(together)


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
