"""Performing the deeds by which an administrator makes two of one, where one side is out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from bot.caring.two_again import pair_of
from bot.deeds.helping.requests import allowed
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.lines.chats import name_of
from bot.telling import earlier
from conversations.deeds.chats import LookAtPair, TakeApart
from conversations.engine.questions import free
from conversations.people.apart import made_two
from conversations.speech import Done, Say, Words
from models.caring import handling
from models.offers.programme import Organisation
from models.who import apart


def look(doing: Doing, deed: LookAtPair) -> Done:
    """What would be done, or why it cannot be; nothing changes."""
    request = allowed(doing, deed.request_id)
    found = pair_of(doing.session, doing.now, request, doing.person_id) if request is not None else None
    if found is None:
        return Done("refused")
    pair = found.pair
    if pair.joining is None:
        return Done(pair.state)
    details = {
        "joining": pair.joining.id,
        "at": pair.joining.at.isoformat(),
        "zone": doing.rules.zone,
        "asks": name_of(pair.asks[0].channel),
        "other": name_of(pair.other[0].channel),
        "reached": any(one.active for one in pair.other),
        "keeps": pair.keeps,
        "brings": asdict(pair.brings),
    }
    return Done("ready", details)


def take_apart(doing: Doing, deed: TakeApart) -> Done:
    """Make them two; the request is that administrator's then, and each side is told in a chat that can be reached."""
    request = allowed(doing, deed.request_id)
    found = pair_of(doing.session, doing.now, request, doing.person_id) if request is not None else None
    if request is None or found is None:
        return Done("refused")
    pair = found.pair
    if pair.joining is None or pair.joining.id != deed.joining:
        return Done(pair.state if pair.joining is None else "none")
    organisation = doing.session.get_one(Organisation, found.organisation_id)
    asks, other = ([one.id for one in side] for side in (pair.asks, pair.other))
    ended = apart.undo(doing.session, doing.now, deed.joining, earlier(doing.rules))
    if ended.outcome != "apart":  # a colleague, or the other side, was quicker
        return Done("none")
    handling.take(doing.session, doing.now, request, doing.person_id)
    doing.audit(
        "chats apart by team",
        f"person {ended.kept_id}",
        other=ended.other_id,
        request=request.id,
        organisation=organisation.id,
    )
    name = Words.of(organisation.name)
    told = [_told(doing, side, made_two(name, asked=side is asks)) for side in (asks, other)]
    return Done("apart", {"told": sum(told)})


def _told(doing: Doing, side: Sequence[int], say: Say) -> bool:
    """Say it in the chat of a side that was used last; False where none can be reached."""
    chat = apart.used_last(doing.session, side)
    if chat is None:
        return False
    doing.tell_at(chat, free(say), "confirmation")
    return True


PERFORM: Performers = {LookAtPair: look, TakeApart: take_apart}
