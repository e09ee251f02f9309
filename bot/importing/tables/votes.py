"""Tables of votes: each row is a question with the things or the days that can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.deeds.asking.clubs_staff import add_poll, tell_members
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard, id_in
from bot.importing.known import listing_column, open_now
from bot.importing.reading import Cell
from bot.importing.shared_columns import DEADLINE, DEADLINE_AT, one_of
from bot.times.reading_dates import read_when
from conversations.asking.votes import OPTION_MOST, OPTIONS_MOST, SHOWS, WHO, parts_of
from conversations.importing.words import EXAMPLES, HEADS
from conversations.speech import Moment, Text, Words, _, lines, verbatim
from models.asking import club
from models.asking.vote import Ballot, Poll, PollOption
from models.offers.listing import Listing


def _options(cell: Cell, _reader: Reader) -> list[str]:
    """The things that can be chosen, as the wizard reads them."""
    found = parts_of(c.as_text(cell))
    if not 2 <= len(found) <= OPTIONS_MOST or any(len(part) > OPTION_MOST for part in found):
        raise Bad("options", n=str(OPTIONS_MOST))
    return found


def _dates(cell: Cell, _reader: Reader) -> list[str]:
    """The days that can be chosen, still in words: their town is known with the whole row."""
    found = parts_of(c.as_text(cell))
    if not 2 <= len(found) <= OPTIONS_MOST:
        raise Bad("moments", n=str(OPTIONS_MOST))
    return found


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    listing = reader.session.get(Listing, row["listing"]) if row.get("listing") else None
    town = listing.town_id if listing is not None else None
    things, dates = row.get("options"), row.get("dates")
    if bool(things) == bool(dates):
        raise Bad("either", "dates") if things else Bad("missing", "options")
    members = row.get("who") == "members"
    if members and (listing is None or not club.is_club(reader.session, listing.id)):
        raise Bad("no_club", "listing")
    closes = c.moment(reader, row["deadline"], row.get("time") or DEADLINE_AT, town, column="deadline")
    return {
        "organisation": reader.organisation_id,
        "listing": listing.id if listing is not None else None,
        "question": c.said_in(reader, row["question"]),
        "options": [{"words": {reader.language: one}} for one in things or ()] or _moments(dates or (), reader, town),
        "who": "members" if members else "all",
        "shows": row.get("shows") or "voted",
        "closes": closes.isoformat(),
        "zone": c.zone_of(reader, town),
    }


def _moments(written: list[str] | tuple[str, ...], reader: Reader, town: int | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in written:
        at = read_when(one, reader.now, c.zone_of(reader, town))
        if not isinstance(at, datetime):
            raise Bad(at, "dates") if at in ("past", "far", "gap") else Bad("moments", "dates", n=str(OPTIONS_MOST))
        found.append({"at": at.isoformat()})
    return found


def _there(entry: Entry, reader: Reader) -> bool:
    """The same question in a vote of the organisation that is open, about the same thing."""
    return any(
        row.listing_id == entry["listing"] and c.same_words(row.question, entry["question"])
        for row in open_now(reader, Poll)
    )


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = add_poll(doing, {**entry, "organisation": organisation_id})
    return f"poll:{done.details['poll']}" if done.outcome == "opened" else ""


def _locked(doing: Doing, made: str) -> Poll | None:
    return doing.session.get(Poll, id_in(made), with_for_update=True, populate_existing=True)


def _sight(doing: Doing, made: str, *, shown: bool) -> None:
    poll = _locked(doing, made)
    if poll is not None and poll.state != "closed":
        poll.state = "open" if shown else "hidden"
        doing.session.flush()


def _opened(doing: Doing, made: Sequence[str]) -> None:
    """Members hear of it only now: a message cannot be taken back."""
    tell_members(doing, [id_in(one) for one in made])


def _undo(doing: Doing, made: str) -> bool:
    """Once somebody has voted, or it has ended, it stays. Its lock waits for whoever is voting."""
    poll = _locked(doing, made)
    if poll is None:
        return True
    voted = select(Ballot.person_id).where(Ballot.poll_id == poll.id)
    if poll.state == "closed" or doing.session.scalars(voted.limit(1)).first() is not None:
        return False
    for option in doing.session.scalars(select(PollOption).where(PollOption.poll_id == poll.id)).all():
        doing.session.delete(option)
    doing.session.flush()
    doing.session.delete(poll)
    doing.session.flush()
    return True


def _seen(entry: Entry, _reader: Reader) -> Text:
    zone = entry["zone"]
    shown = [
        _("🗓 {when}").of(when=Moment(datetime.fromisoformat(one["at"]), zone))
        if one.get("at")
        else _("{words}").of(words=Words.of(one["words"]))
        for one in entry["options"]
    ]
    return lines(
        _("🗳 {question}").of(question=Words.of(entry["question"])),
        *(_("• {option}").of(option=one) for one in shown),
        WHO[entry["who"]],
        _("Until: {when}").of(when=Moment(datetime.fromisoformat(entry["closes"]), zone)),
    )


VOTES = Kind(
    name="votes",
    columns=(
        Column("question", HEADS["question"], c.words(3, 120), required=True, example=EXAMPLES["vote"]),
        Column("options", HEADS["options"], _options, example=EXAMPLES["choices"], sets=("what", "proposed", "more")),
        Column("dates", HEADS["dates"], _dates, example=verbatim(""), sets=("what",)),
        listing_column("listing"),
        one_of("who", WHO, example="all"),
        one_of("shows", SHOWS, example="voted"),
        DEADLINE,
        Column("time", HEADS["time"], c.clock, example=verbatim("17:00"), sets=("closes",)),
    ),
    entry=_entry,
    key=lambda entry: f"{entry['listing']} {sorted(entry['question'].values())}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    key_column="question",
    most=100,
    at_once=6,
    sight=_sight,
    opened=_opened,
    wizards=(Wizard("new_vote"),),
)
