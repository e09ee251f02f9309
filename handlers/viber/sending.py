"""Sending: each part of a message as one call, to one person or to three hundred at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from conversations.speech import Spoken
from handlers.channel import Relay, SendFailed, Sent
from handlers.fitting import fit
from handlers.viber import errors, writing
from handlers.viber.abilities import (
    ASKING_API,
    CARDS_API,
    MANY,
    MOST_BYTES,
    OLDEST_API,
    SILENT_API,
    capabilities_of,
    with_pages_written_out,
)
from handlers.viber.errors import ViberFailed
from handlers.viber.hosting import Hosted, Hosting
from handlers.viber.knowing import Known
from handlers.viber.layout import fits_on_grid, numbered
from handlers.viber.line import Line
from handlers.viber.memory import Memory
from handlers.viber.reading import is_address

log = logging.getLogger(__name__)
_ID_BYTES = 30
"""Bytes that one more receiver costs in a broadcast, quotation marks and comma included."""


class Sending:
    """What is said over one line, in one name."""

    def __init__(self, line: Line, memory: Memory, hosting: Hosting, sender: str, now: Callable[[], datetime]) -> None:
        self._line, self._memory, self._hosting, self._sender, self._now = line, memory, hosting, sender, now
        self._silent: set[str] = set()
        """To whom a message is on its way, and who did nothing since the call began."""

    def heard_from(self, external_id: str) -> None:
        """Somebody did something: what is on its way to them just now may be answered already."""
        self._silent.discard(external_id)

    # ------------------------------------------------------------ what is known

    async def _known(self, external_ids: Sequence[str]) -> Mapping[str, Known]:
        """What is known of these, `Known()` where nothing is. Raises SendFailed "retry": nothing was shown yet."""
        try:
            known = await self._memory.known(external_ids)
        except Exception as error:  # noqa: BLE001  # the database is away, whatever it calls that
            log.warning("viber: what is known of people cannot be read (%s)", type(error).__name__)
        else:
            return {one: known.get(one) or Known() for one in external_ids}
        raise SendFailed("retry", "viber: the memory is away")

    async def _learn(self, external_ids: Sequence[str], by: Callable[[Known], Known]) -> Mapping[str, Known]:
        """Note what came of a call. What cannot be noted changes nothing of that: the platform counts as well."""
        try:
            return await self._memory.change(external_ids, by)
        except Exception as error:  # noqa: BLE001  # a message that was taken must not be sent again for this
            log.warning("viber: what was learnt of people cannot be kept (%s)", type(error).__name__)
            return {one: by(Known()) for one in external_ids}

    # ------------------------------------------------------------ to one

    async def to_one(self, external_id: str, message: Spoken, relay: Relay | None) -> str:
        """Shows a message. Returns the token of its last part. Raises SendFailed, and nothing else."""
        if not is_address(external_id):
            raise SendFailed("refused", "viber: no such address")
        shown, known = "", (await self._known([external_id]))[external_id]
        for part in parts_for(message, known.version):
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
            than = _needed(part, (await self._known([external_id]))[external_id].version)
            if failure.status != errors.TOO_OLD or than == OLDEST_API:
                raise
        await self._learn([external_id], lambda known: known.older(than))
        shown = ""
        for plain in parts_for(part, than - 1):
            shown = await self._show(external_id, plain, relay)
        return shown

    async def _call_for(self, external_id: str, part: Spoken, relay: Relay | None) -> str:
        now, known = self._now(), (await self._known([external_id]))[external_id]
        if known.full(now):
            raise errors.hourly(now)
        beside = replace(part, buttons=known.beside(part.buttons))
        built = writing.silently(await self._built(beside, relay, external_id), known.version)
        body = _encoded({"receiver": external_id, **built})
        self._silent.add(external_id)
        try:
            answer = await self._line.call("send_message", body)
            # buttons pressed before the platform's answer was here would come back beside the next question
            fresh = part.buttons if external_id in self._silent else ()
        except ViberFailed as failure:
            if failure.status == errors.TOO_MANY:
                raise await self._too_many(external_id, failure, now) from None
            if failure.status in errors.NO_BROADCAST:
                raise ViberFailed("refused", failure.reason, status=failure.status) from None
            raise
        finally:
            self._silent.discard(external_id)
        await self._learn([external_id], lambda known: known.took(now, fresh))
        return _token(answer)

    async def _too_many(self, external_id: str, failure: ViberFailed, now: datetime) -> ViberFailed:
        """What a status 12 means: the rate, or the rule of the hour."""
        known = (await self._learn([external_id], lambda known: known.turned_away(now)))[external_id]
        return errors.hourly(now) if known.full(now) else failure

    # ------------------------------------------------------------ to many

    async def to_many(self, external_ids: Sequence[str], message: Spoken) -> Mapping[str, Sent | SendFailed]:
        """Shows one message to all of them; see `ViberChannel.send_many`."""
        everybody = tuple(dict.fromkeys(external_ids))
        if len(everybody) > MANY:
            raise SendFailed("refused", f"viber: more than {MANY} receivers")
        outcome: dict[str, Sent | SendFailed] = {}
        known = dict(await self._known(everybody))
        oldest = _oldest(list(known.values()))
        for part in parts_for(message, oldest):
            going = [one for one in everybody if not isinstance(outcome.get(one), SendFailed)]
            going = [one for one in going if self._may_go(one, known[one], outcome)]
            try:
                built = writing.silently(await self._built(part, None), oldest)
            except SendFailed as failure:
                _all_failed(going, failure, outcome)
                continue
            for group in _groups(going, len(_encoded({"broadcast_list": [], **built}, broadcast=True))):
                body = _encoded({"broadcast_list": list(group), **built}, broadcast=True)
                try:
                    known.update(await self._broadcast(group, part, body, outcome))
                except SendFailed as failure:
                    _all_failed(group, failure, outcome)
        return outcome

    def _may_go(self, external_id: str, known: Known, outcome: dict[str, Sent | SendFailed]) -> bool:
        now = self._now()
        failure: SendFailed | None = errors.hourly(now) if known.full(now) else None
        if not is_address(external_id):
            failure = SendFailed("refused", "viber: no such address")
        if failure is not None:
            outcome[external_id] = _after_a_part(failure) if external_id in outcome else failure
        return failure is None

    async def _broadcast(
        self, group: Sequence[str], part: Spoken, body: bytes, outcome: dict[str, Sent | SendFailed]
    ) -> Mapping[str, Known]:
        now = self._now()
        answer = await self._line.call("broadcast_message", body)
        token, failed = _token(answer), _failed(answer)
        taken = [one for one in group if one not in failed]
        learnt = await self._learn(taken, lambda known: known.took(now, part.buttons))
        for one in taken:
            outcome[one] = Sent(token)
        for one in (one for one in group if one in failed):
            failure: SendFailed = errors.failure(failed[one])
            if failed[one] == errors.TOO_MANY:
                failure = await self._too_many(one, errors.failure(failed[one]), now)
            outcome[one] = _after_a_part(failure) if one in outcome else failure
        return learnt

    # ------------------------------------------------------------ the body

    async def _built(self, part: Spoken, relay: Relay | None, external_id: str = "") -> writing.Json:
        """The message of a call. Raises SendFailed "refused" for what the platform cannot show."""
        try:
            return await self._message(part, relay, external_id)
        except (ValueError, TypeError) as error:
            reason = _own_words(error)
        # raised out here: a library's error quotes the words of a person
        raise SendFailed("refused", f"viber: {reason}")

    async def _message(self, part: Spoken, relay: Relay | None, external_id: str) -> writing.Json:
        sender, buttons = self._sender, part.buttons
        if part.cards:
            return writing.cards_message(sender, part, buttons)
        if part.venue is not None:
            return writing.location_message(sender, part.venue, buttons)
        if part.document is not None:
            document = part.document
            file = await self._put(document.name, document.media_type, document.content, external_id)
            return writing.hosted_message(sender, file, buttons)
        if part.relay is not None:
            if relay is None:
                reason = "the attachment is not at hand"
                raise ValueError(reason)
            file = await self._put(relay.name or relay.kind, relay.media_type, relay.content, external_id)
            return writing.hosted_message(sender, file, buttons)
        return writing.text_message(sender, part.text, buttons)

    async def _put(self, name: str, media_type: str, content: bytes, external_id: str) -> Hosted:
        """A file where the platform fetches it. Raises SendFailed "retry" where it cannot be kept now."""
        try:
            return await self._hosting.put(name, media_type, content, external_id)
        except ValueError:
            raise
        except Exception as error:  # noqa: BLE001  # the database is away, whatever it calls that
            log.warning("viber: a file cannot be kept (%s)", type(error).__name__)
        raise SendFailed("retry", "viber: the memory is away")


def _oldest(everybody: Sequence[Known]) -> int | None:
    """The version that all of them have at least; None if one of them is unknown and none too old to ask."""
    known = [one.version for one in everybody if one.version is not None]
    oldest = min(known, default=None)
    return oldest if len(known) == len(everybody) or (oldest is not None and oldest < CARDS_API) else None


def _needed(part: Spoken, version: int | None) -> int:
    """The client version that a part asks for, as it was written for somebody of this version."""
    if part.cards:
        return CARDS_API
    if part.buttons and version is not None and version >= SILENT_API:
        return SILENT_API
    return ASKING_API if any(button.asks for button in part.buttons) else OLDEST_API


def parts_for(message: Spoken, version: int | None) -> tuple[Spoken, ...]:
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


def _all_failed(group: Iterable[str], failure: SendFailed, outcome: dict[str, Sent | SendFailed]) -> None:
    """One failure for all of a group; raised where nobody has been shown anything yet."""
    if not any(isinstance(one, Sent) for one in outcome.values()):
        raise failure
    for one in group:
        outcome[one] = _after_a_part(failure) if one in outcome else failure


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
