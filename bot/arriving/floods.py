"""Keeps one person (or a machine that answers machines) from taking everybody's time."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from handlers.channel import Arrival

BURST = 40
"""Arrivals that one person may send at once."""
PER_SECOND = 3.0
"""Arrivals a second that one person may keep up."""
SAME = 20
"""The same words so often within SAME_SECONDS are a machine's: no turn is taken any more."""
SAME_SECONDS = 300.0
REMEMBERED = 20_000
"""Senders remembered; the one who was quiet longest is forgotten first."""
TELL_AGAIN = 60.0
"""Seconds before somebody is asked again to slow down."""


@dataclass(slots=True)
class _Sender:
    left: float
    at: float
    texts: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=SAME + 1))
    told_at: float = -TELL_AGAIN


class Floods:
    """Counts what each sender sends. Times in seconds of `time`, which only goes forward. No text is kept."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._senders: OrderedDict[tuple[str, str], _Sender] = OrderedDict()

    def lets(self, arrival: Arrival) -> bool:
        """True if the arrival may have its turn."""
        now = self._time()
        sender = self._sender(arrival, now)
        sender.left = min(float(BURST), sender.left + (now - sender.at) * PER_SECOND)
        sender.at = now
        if sender.left < 1.0:
            return False
        sender.left -= 1.0
        return not self._repeats(sender, arrival, now)

    def may_tell(self, arrival: Arrival) -> bool:
        """True if the sender may be asked to slow down now: once a minute."""
        now = self._time()
        sender = self._sender(arrival, now)
        if now - sender.told_at < TELL_AGAIN:
            return False
        sender.told_at = now
        return True

    def _repeats(self, sender: _Sender, arrival: Arrival, now: float) -> bool:
        words = arrival.heard.text.strip()
        if not words or words.isdigit():  # numbered answers are alike by nature, taps are pages turned
            return False
        words_hash = hash(words)
        sender.texts.append((now, words_hash))
        return sum(1 for at, one in sender.texts if one == words_hash and now - at < SAME_SECONDS) > SAME

    def _sender(self, arrival: Arrival, now: float) -> _Sender:
        key = (arrival.channel, arrival.sender.external_id)
        sender = self._senders.get(key)
        if sender is None:
            sender = self._senders[key] = _Sender(float(BURST), now)
            if len(self._senders) > REMEMBERED:
                self._senders.popitem(last=False)
        self._senders.move_to_end(key)
        return sender
