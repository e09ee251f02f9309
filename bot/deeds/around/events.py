"""Performing what is done about places to clean and buddies. Every one asks again who acts, and whether they may."""

from __future__ import annotations

from bot.arriving.sent import attachment_of
from bot.caring.notices import tell_team
from bot.deeds.helping.requests import allowed
from bot.deeds.people.staff_rights import listing_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering.describing import name_for
from conversations.deeds.outings import AnswerBuddy, MarkCleaned, PairBuddies, ReportPlace
from conversations.outings import words
from conversations.speech import Done, Say, Text, Words
from conversations.staff.notices import WHO
from models.caring import case, handling, reading
from models.messages.reminder import recipients
from models.offers.listing import Listing
from models.outings import buddy
from models.who.acting import speaks_for
from models.who.people import Person
from models.who.staff import staff_of

PLACE = "place"


# ---------------------------------------------------------------- places


def report(doing: Doing, deed: ReportPlace) -> Done:
    """Hand a place to the team of the person's town, with its photo and its pin (to about ten metres)."""
    if not deed.words and not deed.photo and deed.latitude is None:
        return Done("nothing")
    photo = attachment_of(doing, deed.photo)
    if deed.photo and photo is None:
        return Done("lost")
    pin = ""
    if deed.latitude is not None and deed.longitude is not None:
        pin = f"📍 {deed.latitude:.4f}, {deed.longitude:.4f}"
    request, new = case.open_request(doing.session, doing.now, doing.person_id, doing.address_id or None, kind=PLACE)
    told = "\n".join(part for part in (deed.words, pin) if part)
    if case.add_message(doing.session, doing.now, request, doing.person_id, told, photo):
        tell_team(doing, request)
    if not reading.readers(doing.session, request):
        return Done("nobody")
    return Done("sent" if new else "added")


def cleaned(doing: Doing, deed: MarkCleaned) -> Done:
    """A place is clean: who reported it is told, with the photo, and the request is closed."""
    request = allowed(doing, deed.request)
    if request is None or request.kind != PLACE:
        return Done("gone")
    photo = attachment_of(doing, deed.photo)
    if deed.photo and photo is None:
        return Done("lost")
    told = doing.tell(request.person_id, Say(words.CLEANED, relay=photo), "reply")
    handling.mark_seen(doing.session, doing.now, request)
    case.add_message(doing.session, doing.now, request, doing.person_id, "", photo)
    handling.close(doing.session, doing.now, request)
    doing.audit("place_cleaned", f"request {request.id}", photo=photo is not None)
    return Done("told" if told is not None else "unreachable")


# ---------------------------------------------------------------- buddies


def pair(doing: Doing, deed: PairBuddies) -> Done:
    """Propose two people to each other: each is asked, neither hears the other's name."""
    listing = listing_for(doing, deed.listing)
    if listing is None or not listing.buddies:
        return Done("refused")
    row = buddy.propose(doing.session, doing.now, listing.id, deed.wants, deed.is_one, doing.person_id)
    if row is None:
        return Done("gone")
    for person_id in (row.wants_id, row.is_id):
        for reader in recipients(doing.session, person_id):
            child = name_for(doing.session, person_id, reader)
            text = words.buddy_asked(Words.of(listing.title), child, wants=person_id == row.wants_id)
            about = {"pair": row.id, "person": person_id}
            buttons = (
                doing.button(reader, words.BUDDY_YES, "buddy_yes", about),
                doing.button(reader, words.BUDDY_NO, "buddy_no", about),
            )
            doing.tell(reader, Say(text, buttons), "offer")
    doing.audit("buddies proposed", f"listing:{listing.id}", wants=row.wants_id, is_one=row.is_id)
    return Done("asked")


def answer(doing: Doing, deed: AnswerBuddy) -> Done:
    """One of the two answers, or who speaks for them. After both said yes each is told the other's first name.

    Who proposed them hears how it ended; after a no the other one, having said yes, is not left waiting.
    """
    if not speaks_for(doing.session, doing.person_id, deed.person):
        return Done("gone")
    outcome, row = buddy.answer(doing.session, doing.now, deed.pair, deed.person, yes=deed.yes)
    if row is None or outcome == "waits":
        return Done(outcome)
    listing = doing.session.get_one(Listing, row.listing_id)
    title = Words.of(listing.title)
    if outcome == "no":
        said_yes = [one for one, said in ((row.wants_id, row.wants_says), (row.is_id, row.is_says)) if said == "yes"]
        for waiting in said_yes:
            for reader in recipients(doing.session, waiting):
                doing.tell(reader, Say(words.buddy_not_found(title)), "offer")
        _tell_staff(doing, listing, row, words.pair_ended(title))
        return Done("no")
    found = {"title": dict(listing.title), "called": ""}
    for person_id, other in ((row.wants_id, row.is_id), (row.is_id, row.wants_id)):
        first = doing.session.get_one(Person, other).called.partition(" ")[0]
        if person_id == deed.person:
            found["called"] = first
        for reader in recipients(doing.session, person_id):
            if (person_id, reader) != (deed.person, doing.person_id):  # who taps reads it as the answer
                doing.tell(reader, Say(words.buddy_found(title, first)), "confirmation")
    names = tuple(doing.session.get_one(Person, one).called for one in (row.wants_id, row.is_id))
    numbers = [buddy.number_of(doing.session, row.listing_id, one) for one in (row.wants_id, row.is_id)]
    _tell_staff(doing, listing, row, words.pair_found(title, names, numbers), see=True)
    doing.audit("buddies found", f"listing:{row.listing_id}", wants=row.wants_id, is_one=row.is_id)
    return Done("both", found)


def _tell_staff(doing: Doing, listing: Listing, row: buddy.BuddyPair, text: Text, *, see: bool = False) -> None:
    """Tell who proposed a pair how it ended; who is not of the staff any more is not told: their colleagues are.

    With `see`, a button leads to the people of that listing.
    """
    staff = staff_of(doing.session, listing.organisation_id)
    for person_id in [row.by_id] if row.by_id in staff else staff:
        buttons = (doing.button(person_id, WHO, "people", {"listing": str(listing.id)}),) if see else ()
        doing.tell(person_id, Say(text, buttons), "offer")


PERFORM: Performers = {ReportPlace: report, MarkCleaned: cleaned, PairBuddies: pair, AnswerBuddy: answer}
