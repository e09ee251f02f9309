"""Tables of votes: each row is a question with the things or the days that can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.deeds.asking.clubs_staff import open_poll
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard
from bot.importing.reading import Cell
from bot.importing.tables.listings import DEADLINE_AT, one_of
from bot.importing.wording import listing_column
from bot.times.reading_dates import read_when
from conversations.asking.votes import OPTION_MOST, OPTIONS_MOST, SHOWS, WHO, parts_of
from conversations.deeds.asking import OpenPoll
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
    rows = reader.seen.get("polls")
    if rows is None:
        wanted = select(Poll).where(Poll.organisation_id == reader.organisation_id, Poll.state == "open")
        rows = reader.seen["polls"] = list(reader.session.scalars(wanted))
    return any(row.listing_id == entry["listing"] and c.same_words(row.question, entry["question"]) for row in rows)


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = open_poll(doing, OpenPoll({**entry, "organisation": organisation_id}))
    return f"poll:{done.details['poll']}" if done.outcome == "opened" else ""


def _undo(doing: Doing, made: str) -> bool:
    """Once somebody has voted, or it has ended, it stays. Its lock waits for whoever is voting."""
    poll = doing.session.get(Poll, int(made.partition(":")[2]), with_for_update=True, populate_existing=True)
    if poll is None:
        return True
    voted = select(Ballot.person_id).where(Ballot.poll_id == poll.id)
    if poll.state != "open" or doing.session.scalars(voted.limit(1)).first() is not None:
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
        Column("deadline", HEADS["deadline"], c.day, required=True, example=verbatim("26.11.2026"), sets=("closes",)),
        Column("time", HEADS["time"], c.clock, example=verbatim("17:00"), sets=("closes",)),
    ),
    entry=_entry,
    key=lambda entry: f"{entry['listing']} {sorted(entry['question'].values())}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    key_column="question",
    most=12,
    at_once=6,
    wizards=(Wizard("new_vote"),),
)
