"""One offer: its card, a date, for whom, the consent that is needed, and the booking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conversations.around.care import CARE, TRANSPORT
from conversations.deeds.offers import Book
from conversations.facts.offers import Gathering, Offer
from conversations.facts.series import Course
from conversations.offers import terms, units, words
from conversations.offers.booking import afterwards, conditions, whom
from conversations.outings import joining
from conversations.script import Conversation
from conversations.speech import Text, _, lines, verbatim
from conversations.steps import Choose, ChooseMany, Confirm, Do, End, Here, Open, Tell

GLIMPSED = 3
"""How many dates are told of an offer that opens only after the welcome."""


def _offer(here: Here) -> Offer | None:
    return here.facts.offers.offer(int(here.get("listing", 0)))


def _gone(here: Here) -> bool:
    return _offer(here) is None


def _nothing_to_book(here: Here) -> bool:
    offer = _offer(here)
    return offer is None or not offer.open or not any(one.bookable for one in offer.sessions)


def _card(here: Here) -> Text:
    offer = _offer(here)
    if offer is None:
        return _("This is not on offer any more.")
    return joining.on_card(here, terms.on_card(here, offer.listing_id, words.card(offer)))


def _card_alone(here: Here) -> Text:
    offer = _offer(here)
    if offer is not None and not offer.open:
        return lines(_card(here), _("It is closed for bookings right now."))
    return lines(_card(here), _("There are no dates right now. Look again soon, or ask a person."))


def _glimpse(here: Here) -> Text:
    """The card with the nearest dates and how full they are."""
    offer = _offer(here)
    dates = [one for one in offer.sessions if one.bookable][:GLIMPSED] if offer else []
    elsewhere = offer.place if offer else None
    told = [words.date_label(one, elsewhere=one.place != elsewhere) for one in dates if one.course is None]
    return lines(_card(here), *(_("🗓 {when}").of(when=one) for one in told))


def _only_course(here: Here) -> Course | None:
    """The series, where it is all there is to choose from."""
    offer = _offer(here)
    bookable = [one for one in offer.sessions if one.bookable] if offer else []
    return bookable[0].course if len(bookable) == 1 else None


def _is_course(here: Here) -> bool:
    """True where what was chosen is a series, which is enrolled in once."""
    session = _session(here)
    return session is not None and session.course is not None


def _card_and_dates(here: Here) -> Text:
    course = _only_course(here)
    if course is not None:
        question = _("One enrolment counts for all of it. Shall we?")
        return lines(_card(here), *_booked(here), units.late(course), units.rule(course), question)
    return lines(_card(here), *_booked(here), _("Which date suits?"))


def _booked(here: Here) -> Iterator[Text]:
    """What of it is booked already, so that nobody takes it for not booked and goes all the way once more."""
    for mine in here.facts.offers.bookings():
        if mine.gathering.listing_id == int(here.get("listing", 0)):
            when = None if mine.gathering.course is not None else _("🗓 {when}").of(when=mine.gathering.when)
            yield lines(words.for_whom(mine.child), when, _("✅ {state}").of(state=words.state_of(mine)))


def _dates(here: Here) -> Mapping[str, Text]:
    offer = _offer(here)
    bookable = [one for one in offer.sessions if one.bookable] if offer else []
    first = here.get("first") or ()
    bookable.sort(key=lambda one: one.session_id not in first)
    dates = {
        str(one.session_id): words.date_label(one, elsewhere=offer is not None and one.place != offer.place)
        for one in bookable
    }
    if offer is not None and _only_course(here) is not None:
        (one,) = (one for one in offer.sessions if one.bookable)
        dates = {str(one.session_id): words.enrol_label(one)}
    return {**conditions.may_ask(here), **dates}


def _session(here: Here) -> Gathering | None:
    chosen = here.get("session")
    return here.facts.offers.gathering(int(chosen)) if str(chosen or "").isdigit() else None


def _short(here: Here) -> bool:
    """True if several people want more places than are free now."""
    session = _session(here)
    wanted = len(whom.chosen_people(here))
    return session is not None and wanted > 1 and wanted > max(0, session.free - session.waiting)


def _sure(here: Here) -> Text:
    session = _session(here)
    if session is None:
        return _("Shall we book this?")
    chosen = whom.chosen_people(here)
    alone = len(chosen) == 1 and chosen[0].me
    if alone and conditions.conditions_of(here).must_wait:
        question = _("We check first who can take part. Shall we ask for this place?")
    elif session.free > session.waiting:
        question = _("Shall we book this?") if session.course is None else _("Shall we enrol for all the meetings?")
    else:
        question = _("It is full. Shall we join the waiting list?")
    return lines(words.about_session(session), None if alone else _("For: {who}").of(who=whom.names(here)), question)


def _deed(here: Here) -> Book:
    people = tuple(one.person_id for one in whom.chosen_people(here))
    wait, care, yes = here.get("full") == "wait", here.get("care") == "yes", here.get("trip") == "yes"
    return Book(
        int(here["session"]),
        people,
        wait,
        care,
        yes,
        joining.tools_of(here),
        joining.buddy_of(here),
        joining.brings_of(here),
        here.get("transport") == "yes",
    )


def _full(here: Here) -> Text:
    session = _session(here)
    left = verbatim(str(max(0, session.free - session.waiting))) if session else verbatim("0")
    return lines(
        _("There are not enough places for all of you together (free: {left}). Nothing was booked.").of(left=left),
        _("Would you like to wait together? As soon as there is a place for each of you, I write."),
    )


offer = Conversation(
    name="offer",
    title=_("Booking"),
    shows=_glimpse,
    steps=(
        Tell(name="gone", text=_("This is not on offer any more."), when=_gone, otherwise="end"),
        *conditions.BEFORE,
        Tell(name="closed", text=_card_alone, when=_nothing_to_book, otherwise="end"),
        Tell(
            name="other_age",
            text=lambda here: lines(_card(here), words.OTHER_AGE),
            when=whom.nobody_fits,
            otherwise="end",
        ),
        *conditions.WHO,
        Choose(name="session", question=_card_and_dates, choices=_dates, goto={"may": "may_who"}, otherwise="who"),
        Choose(
            name="who",
            question=_("For whom?"),
            choices=whom.choices,
            when=whom.to_choose,
            goto={"child": Open("add_child"), "several": "several"},
            otherwise="guardian",
        ),
        ChooseMany(
            name="several",
            question=_("Who is coming? Either there is a place for all, or nothing is booked."),
            choices=whom.people_labels,
            least=1,
            when=lambda here: here.get("who") == "several",
        ),
        Choose(
            name="guardian",
            question=whom.asks_guardian,
            choices=whom.guardian_choices,
            when=whom.needs_guardian,
            goto={"ask": Open("ask_guardian", whom.kept_choice, instead=True), "go": "full", "later": "later"},
        ),
        Choose(
            name="yes",
            question=whom.asks_yes,
            choices=whom.yes_choices,
            when=whom.needs_yes,
            goto={"ask": Open("mydata"), "go": "full", "later": "later"},
        ),
        Choose(
            name="full",
            question=_full,
            choices={"wait": _("Wait together"), "other": _("Another date")},
            when=_short,
            goto={"wait": "care", "other": "session"},
        ),
        CARE,
        TRANSPORT,
        *joining.steps(lambda here: tuple(one.person_id for one in whom.chosen_people(here))),
        Confirm(
            name="sure",
            question=_sure,
            yes=_("Yes, please"),
            no=_("No, another date"),
            goto={"no": "session"},
            when=lambda here: here.get("full") != "wait" and not _is_course(here),
        ),
        Confirm(
            name="sure_all",
            question=_sure,
            yes=_("Yes, please"),
            no=_("Not now"),
            goto={"no": "later"},
            when=lambda here: here.get("full") != "wait" and _is_course(here),
        ),
        Do(
            name="book",
            does=Book,
            deed=_deed,
            goto={
                "booked": "booked",
                "waiting": "waiting",
                "already": "already",
                "full": "full",
                "overlap": "overlap",
                "closed": "closed_now",
                "past": "past",
                "cancelled": "cancelled",
                "age": "age",
                "consent": "consent",
                "denied": "denied",
                **conditions.OUTCOMES,
            },
        ),
        End(name="booked", text=afterwards.booked, then=Open("menu")),
        End(name="waiting", text=afterwards.waiting, then=Open("menu")),
        End(name="already", text=afterwards.already, then=Open("menu")),
        Tell(name="overlap", text=afterwards.overlap, otherwise="session"),
        Tell(name="past", text=_("That one has begun already. Here is what is still to come."), otherwise="gone"),
        Tell(name="cancelled", text=_("That date was cancelled. Here is what is still on."), otherwise="gone"),
        End(name="closed_now", text=_("It has just been closed for bookings. Ask a person, there may be another way.")),
        End(name="age", text=words.OTHER_AGE),
        End(name="consent", text=_("A yes for taking part is missing. It can be given in “my data”.")),
        End(name="denied", text=_("Only the person or their guardian can book this.")),
        End(name="later", text=_("All right. Nothing was booked.")),
        *conditions.AFTER,
        End(name="end"),
    ),
)
