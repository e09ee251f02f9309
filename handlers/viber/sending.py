"""Sending: each part of a message as one call, to one person or to three hundred at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from conversations.speech import Spoken
from handlers.channel import Relay, SendFailed, Sent
from handlers.fitting import fit
from handlers.viber import errors, writing
from handlers.viber.abilities import CARDS_API, MANY, MOST_BYTES, OLDEST_API, capabilities_of, with_pages_written_out
from handlers.viber.errors import ViberFailed
from handlers.viber.hosting import Hosting
from handlers.viber.knowing import Acquaintances
from handlers.viber.layout import fits_on_grid, numbered
from handlers.viber.line import Line
from handlers.viber.reading import is_address

_ID_BYTES = 30
"""Bytes that one more receiver costs in a broadcast, quotation marks and comma included."""


class Sending:
    """What is said over one line, in one name."""

    def __init__(
        self, line: Line, known: Acquaintances, hosting: Hosting, sender: str, now: Callable[[], datetime]
    ) -> None:
        self._line, self._known, self._hosting, self._sender, self._now = line, known, hosting, sender, now

    # ------------------------------------------------------------ to one

    async def to_one(self, external_id: str, message: Spoken, relay: Relay | None) -> str:
        """Shows a message. Returns the token of its last part. Raises SendFailed, and nothing else."""
        if not is_address(external_id):
            raise SendFailed("refused", "viber: no such address")
        shown = ""
        for part in _parts(message, self._known.version(external_id)):
            try:
                shown = await self._show(external_id, part, relay)
            except SendFailed as failure:
                if shown and failure.kind in ("wait", "retry"):
                    raise SendFailed("unsure", f"{failure.reason}, after a first part") from None
                raise
        return shown

    async def _show(self, external_id: str, part: Spoken, relay: Relay | None) -> str:
        """One part. Where a device of the person turns out too old for it, its plain form instead."""
        try:
            return await self._call_for(external_id, part, relay)
        except ViberFailed as failure:
            if failure.status != errors.TOO_OLD or not (part.cards or any(button.asks for button in part.buttons)):
                raise
        self._known.is_older(external_id, CARDS_API if part.cards else OLDEST_API + 1)
        shown = ""
        for plain in _parts(part, self._known.version(external_id)):
            shown = await self._call_for(external_id, plain, relay)
        return shown

    async def _call_for(self, external_id: str, part: Spoken, relay: Relay | None) -> str:
        now = self._now()
        self._known.check_hour(external_id, now)
        beside = replace(part, buttons=self._known.beside(external_id, part.buttons))
        body = _encoded({"receiver": external_id, **self._built(beside, relay)})
        try:
            answer = await self._line.call("send_message", body)
        except ViberFailed as failure:
            if failure.status == errors.TOO_MANY:
                raise self._known.was_too_many(external_id, failure, now) from None
            if failure.status in errors.NO_BROADCAST:
                raise ViberFailed("refused", failure.reason, status=failure.status) from None
            raise
        self._known.was_sent(external_id, now)
        self._known.were_shown(external_id, part.buttons)
        return _token(answer)

    # ------------------------------------------------------------ to many

    async def to_many(self, external_ids: Sequence[str], message: Spoken) -> Mapping[str, Sent | SendFailed]:
        """Shows one message to all of them; see `ViberChannel.send_many`."""
        everybody = tuple(dict.fromkeys(external_ids))
        if len(everybody) > MANY:
            raise SendFailed("refused", f"viber: more than {MANY} receivers")
        outcome: dict[str, Sent | SendFailed] = {}
        for part in _parts(message, self._oldest(everybody)):
            going = [one for one in everybody if not isinstance(outcome.get(one), SendFailed)]
            going = [one for one in going if self._may_go(one, outcome)]
            built = self._built(part, None)
            for group in _groups(going, len(_encoded({"broadcast_list": [], **built}, broadcast=True))):
                body = _encoded({"broadcast_list": list(group), **built}, broadcast=True)
                try:
                    await self._broadcast(group, part, body, outcome)
                except SendFailed as failure:
                    if not any(isinstance(one, Sent) for one in outcome.values()):
                        raise
                    for one in group:
                        outcome[one] = _after_a_part(failure) if one in outcome else failure
        return outcome

    def _oldest(self, everybody: Iterable[str]) -> int | None:
        """The version that all of them have at least; None if one of them is unknown and none too old to ask."""
        versions = [self._known.version(one) for one in everybody]
        known = [version for version in versions if version is not None]
        oldest = min(known, default=None)
        return oldest if len(known) == len(versions) or (oldest is not None and oldest < CARDS_API) else None

    def _may_go(self, external_id: str, outcome: dict[str, Sent | SendFailed]) -> bool:
        try:
            if not is_address(external_id):
                raise SendFailed("refused", "viber: no such address")
            self._known.check_hour(external_id, self._now())
        except SendFailed as failure:
            outcome[external_id] = _after_a_part(failure) if external_id in outcome else failure
            return False
        return True

    async def _broadcast(
        self, group: Sequence[str], part: Spoken, body: bytes, outcome: dict[str, Sent | SendFailed]
    ) -> None:
        now = self._now()
        answer = await self._line.call("broadcast_message", body)
        token, failed = _token(answer), _failed(answer)
        for one in group:
            if one in failed:
                failure: SendFailed = errors.failure(failed[one])
                if failed[one] == errors.TOO_MANY:
                    failure = self._known.was_too_many(one, errors.failure(failed[one]), now)
                outcome[one] = _after_a_part(failure) if one in outcome else failure
                continue
            outcome[one] = Sent(token)
            self._known.was_sent(one, now)
            self._known.were_shown(one, part.buttons)

    # ------------------------------------------------------------ the body

    def _built(self, part: Spoken, relay: Relay | None) -> writing.Json:
        """The message of a call. Raises SendFailed "refused" for what the platform cannot show."""
        try:
            return self._message(part, relay)
        except (ValueError, TypeError) as error:
            reason = _own_words(error)
        # raised out here: a library's error quotes the words of a person
        raise SendFailed("refused", f"viber: {reason}")

    def _message(self, part: Spoken, relay: Relay | None) -> writing.Json:
        sender, buttons = self._sender, part.buttons
        if part.cards:
            return writing.cards_message(sender, part, buttons)
        if part.venue is not None:
            return writing.location_message(sender, part.venue, buttons)
        if part.document is not None:
            document = part.document
            file = self._hosting.put(document.name, document.media_type, document.content)
            return writing.hosted_message(sender, file, buttons)
        if part.relay is not None:
            if relay is None:
                reason = "the attachment is not at hand"
                raise ValueError(reason)
            file = self._hosting.put(relay.name or relay.kind, relay.media_type, relay.content)
            return writing.hosted_message(sender, file, buttons)
        return writing.text_message(sender, part.text, buttons)


def _parts(message: Spoken, version: int | None) -> tuple[Spoken, ...]:
    """The message as parts for a client of this version, each with a single call."""
    able = capabilities_of(version)
    if message.cards and not writing.cards_can_be_shown(message.cards):
        able = replace(able, cards=0)
    parts = fit(with_pages_written_out(message), able)
    last = parts[-1]
    if fits_on_grid(last.buttons):
        return parts
    if last.text:
        last = numbered(last)
    # what is still higher than the screen becomes a list to be answered with a number
    return (*parts[:-1], *fit(last, able if fits_on_grid(last.buttons) else replace(able, buttons=0)))


def _encoded(message: writing.Json, *, broadcast: bool = False) -> bytes:
    try:
        return writing.encoded(message, broadcast=broadcast)
    except (ValueError, TypeError) as error:
        reason = _own_words(error)
    raise SendFailed("refused", f"viber: {reason}")


def _own_words(error: Exception) -> str:
    """The reason of a ValueError of ours. Those of a library quote what they got, so they are not handed on."""
    return str(error) if type(error) is ValueError else type(error).__name__


def _groups(external_ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """The receivers in groups whose ids fit into one call beside a message of so many bytes."""
    most = max(1, min(MANY, (MOST_BYTES - size) // _ID_BYTES))
    return (external_ids[start : start + most] for start in range(0, len(external_ids), most))


def _after_a_part(failure: SendFailed) -> SendFailed:
    if failure.kind not in ("wait", "retry"):
        return failure
    return SendFailed("unsure", f"{failure.reason}, after a first part")


def _token(answer: Mapping[str, Any]) -> str:
    """The message's token, exactly: it has up to 19 digits."""
    token = answer.get("message_token")
    return str(token) if type(token) is int or isinstance(token, str) else ""


def _failed(answer: Mapping[str, Any]) -> dict[str, int]:
    """Who was not reached by a broadcast, and with which status."""
    listed = answer.get("failed_list")
    found: dict[str, int] = {}
    for one in listed if isinstance(listed, list) else ():
        receiver, status = (one.get("receiver"), one.get("status")) if isinstance(one, dict) else (None, None)
        if isinstance(receiver, str):
            found[receiver] = status if type(status) is int and status else -1
    return found
