"""One offer: its card, a date, for whom, the consent that is needed, and the booking."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.around.care import CARE
from conversations.deeds.offers import Book
from conversations.facts.offers import Gathering, Mine, Offer, Somebody
from conversations.facts.series import Course
from conversations.offers import conditions, units, words
from conversations.outings import joining
from conversations.script import Choose, ChooseMany, Confirm, Conversation, Do, End, Here, Json, Open, Tell
from conversations.speech import Joined, Say, Text, Value, _, lines, verbatim

_PERSON = "p"
"""How keys begin that stand for a person."""


def _offer(here: Here) -> Offer | None:
    return here.facts.offers.offer(int(here.get("listing", 0)))


def _gone(here: Here) -> bool:
    return _offer(here) is None


def _nothing_to_book(here: Here) -> bool:
    offer = _offer(here)
    return offer is None or not offer.open or not any(one.bookable for one in offer.sessions)


def _card(here: Here) -> Text:
    offer = _offer(here)
    return joining.on_card(here, words.card(offer)) if offer else _("This is not on offer any more.")


def _card_alone(here: Here) -> Text:
    offer = _offer(here)
    if offer is not None and not offer.open:
        return lines(_card(here), _("It is closed for bookings right now."))
    return lines(_card(here), _("There are no dates right now. Look again soon, or ask a person."))


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
        return lines(_card(here), units.late(course), units.rule(course), question)
    return lines(_card(here), _("Which date suits?"))


def _dates(here: Here) -> Mapping[str, Text]:
    offer = _offer(here)
    bookable = [one for one in offer.sessions if one.bookable] if offer else []
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


# ---------------------------------------------------------------- for whom


def _may_have_children(here: Here) -> bool:
    if conditions.conditions_of(here).professionals:
        return False  # whoever comes for an institution comes themself
    return here.facts.me.band == "18+" or len(here.facts.offers.who()) > 1


def _name(somebody: Somebody, number: int) -> Text:
    if somebody.me:
        return _("For me")
    if somebody.called:
        return _("For {name}").of(name=somebody.called)
    if somebody.family:
        return _("For a child of {name} ({n})").of(name=somebody.family, n=number)
    return _("For my child ({n})").of(n=number)


def _people(here: Here) -> dict[str, Text]:
    return {f"{_PERSON}{one.person_id}": _name(one, number) for number, one in enumerate(here.facts.offers.who())}


def _whom(here: Here) -> Mapping[str, Text]:
    people = _people(here)
    several = {"several": _("For several of us")} if len(people) > 1 else {}
    child = {"child": _("For another child of mine")} if here.facts.me.band == "18+" else {}
    return {**people, **several, **child}


def _chosen(here: Here) -> tuple[Somebody, ...]:
    """Who was chosen; the person who talks where nobody was asked."""
    everybody = here.facts.offers.who()
    if here.get("who") == "several":
        keys = set(here.get("several") or ())
    elif here.get("who"):
        keys = {here["who"]}
    else:
        return everybody[:1]
    return tuple(one for one in everybody if f"{_PERSON}{one.person_id}" in keys)


def _names(here: Here) -> Value:
    named: tuple[Value, ...] = tuple(
        _("me")
        if one.me
        else one.called or (_("a child of {name}").of(name=one.family) if one.family else _("my child"))
        for one in _chosen(here)
    )
    return Joined(named, "and")


# ---------------------------------------------------------------- consent


def _consent_missing(here: Here) -> bool:
    return any(not one.consented for one in _chosen(here))


def _mine_is_missing(here: Here) -> bool:
    return any(one.me and not one.consented for one in _chosen(here))


def _needs_guardian(here: Here) -> bool:
    return _mine_is_missing(here) and here.facts.me.needs_guardian


def _needs_yes(here: Here) -> bool:
    return _consent_missing(here) and not here.facts.me.needs_guardian


def _ask_guardian(here: Here) -> Text:
    if not _mine_is_missing(here):
        return _("A parent or guardian has said yes. Shall we go on with the booking?")
    return lines(
        _("At this age a parent or guardian must say yes before the first booking."),
        _("I write a message to send to them. What was chosen here is kept."),
    )


def _guardian_choices(here: Here) -> Mapping[str, Text]:
    if not _mine_is_missing(here):
        return {"go": _("Go on with the booking"), "later": _("Not now")}
    return {"ask": _("Ask my parent or guardian"), "later": _("Not now")}


def _kept(here: Here) -> Mapping[str, Json]:
    """What was chosen, to be gone on with from the news that the guardian said yes."""
    return {"ask": "make", "listing": here["listing"], "session": here["session"]}


def _ask_yes(here: Here) -> Text:
    if _mine_is_missing(here):
        return _("Before booking, please agree in “my data” that we keep the booking.")
    if _consent_missing(here):
        return _("Before booking, please agree in “my data” that the child may take part.")
    return _("Thank you. Shall we go on with the booking?")


def _yes_choices(here: Here) -> Mapping[str, Text]:
    if _consent_missing(here):
        return {"ask": _("Open my data"), "later": _("Not now")}
    return {"go": _("Go on with the booking"), "later": _("Not now")}


# ---------------------------------------------------------------- the booking


def _short(here: Here) -> bool:
    """True if several people want more places than are free now."""
    session = _session(here)
    wanted = len(_chosen(here))
    return session is not None and wanted > 1 and wanted > max(0, session.free - session.waiting)


def _sure(here: Here) -> Text:
    session = _session(here)
    if session is None:
        return _("Shall we book this?")
    chosen = _chosen(here)
    alone = len(chosen) == 1 and chosen[0].me
    if alone and conditions.conditions_of(here).must_wait:
        question = _("We check first who can take part. Shall we ask for this place?")
    elif session.free > session.waiting:
        question = _("Shall we book this?") if session.course is None else _("Shall we enrol for all the meetings?")
    else:
        question = _("It is full. Shall we join the waiting list?")
    return lines(words.about_session(session), None if alone else _("For: {who}").of(who=_names(here)), question)


def _deed(here: Here) -> Book:
    people = tuple(one.person_id for one in _chosen(here))
    wait, care, yes = here.get("full") == "wait", here.get("care") == "yes", here.get("trip") == "yes"
    return Book(int(here["session"]), people, wait, care, yes, joining.tools_of(here), joining.buddy_of(here))


def _bookings(here: Here) -> tuple[Mine, ...]:
    known = here.facts.offers
    return tuple(mine for booking in here["book"]["bookings"] if (mine := known.booking(int(booking))) is not None)


def confirmation(mine: Mine, here: Here, others: tuple[Mine, ...] = ()) -> Say:
    """The confirmation of a booking: number, time and place, what to bring, the pin and the calendar entry."""
    numbers: tuple[Value, ...] = tuple(str(one.number) for one in (mine, *others))
    whom = words.together([one.child for one in (mine, *others)])
    return Say(
        lines(
            _("✅ The place is booked. Number: {number}.").of(number=Joined(numbers, "and")),
            words.for_whom(whom),
            words.about_session(mine.gathering),
            units.listed(mine.gathering.course) if mine.gathering.course else None,
            units.rule(mine.gathering.course) if mine.gathering.course else None,
            _("🎒 Bring: {bring}").of(bring=mine.bring) if mine.bring else None,
            words.paper_to_show(mine),
            joining.of_booking(here, mine.booking_id),
            words.reminder_plan(mine),
        ),
        venue=here.facts.offers.venue(mine.gathering.session_id),
        document=here.facts.offers.calendar(mine.booking_id),
    )


def _booked(here: Here) -> Text | Say:
    mine = _bookings(here)
    if not mine:
        return _("✅ The place is booked.")
    return confirmation(mine[0], here, mine[1:])


def _waiting(here: Here) -> Text:
    mine = _bookings(here)
    if not mine:
        return _("You are on the waiting list.")
    children = [one.child for one in mine]
    return lines(
        words.waiting_line(mine[0].ahead),
        words.for_whom(words.together(children)),
        words.about_session(mine[0].gathering),
        _("There is a place for all of you, or for none.") if len(mine) > 1 else None,
        _("When a place becomes free, we write here. Number: {number}.").of(number=str(mine[0].number)),
    )


def _already(here: Here) -> Text:
    mine = _bookings(here)
    if not mine:
        return _("This is booked already.")
    return lines(_("This is there already:"), words.about_session(mine[0].gathering), words.state_of(mine[0]))


def _overlap(here: Here) -> Text:
    clash = here.facts.offers.booking(int(here["book"]["clash"]))
    if clash is None:
        return words.SOMETHING_THEN
    return lines(
        _("There is another booking at that time:"),
        words.about_session(clash.gathering),
        _("Please choose another date, or cancel the other one in “my bookings”."),
    )


def _full(here: Here) -> Text:
    session = _session(here)
    left = verbatim(str(max(0, session.free - session.waiting))) if session else verbatim("0")
    return lines(
        _("There are not enough places for all of you together (free: {left}). Nothing was booked.").of(left=left),
        _("Shall you wait together? As soon as there is a place for each of you, I write."),
    )


offer = Conversation(
    name="offer",
    title=_("Booking"),
    steps=(
        Tell(name="gone", text=_("This is not on offer any more."), when=_gone, otherwise="end"),
        *conditions.BEFORE,
        Tell(name="closed", text=_card_alone, when=_nothing_to_book, otherwise="end"),
        *conditions.WHO,
        Choose(name="session", question=_card_and_dates, choices=_dates, goto={"may": "may_who"}, otherwise="who"),
        Choose(
            name="who",
            question=_("For whom?"),
            choices=_whom,
            when=_may_have_children,
            goto={"child": Open("add_child"), "several": "several"},
            otherwise="guardian",
        ),
        ChooseMany(
            name="several",
            question=_("Who is coming? Either there is a place for all, or nothing is booked."),
            choices=_people,
            least=1,
            when=lambda here: here.get("who") == "several",
        ),
        Choose(
            name="guardian",
            question=_ask_guardian,
            choices=_guardian_choices,
            when=_needs_guardian,
            goto={"ask": Open("ask_guardian", _kept, instead=True), "go": "full", "later": "later"},
        ),
        Choose(
            name="yes",
            question=_ask_yes,
            choices=_yes_choices,
            when=_needs_yes,
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
        *joining.steps(lambda here: tuple(one.person_id for one in _chosen(here))),
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
        End(name="booked", text=_booked, then=Open("menu")),
        End(name="waiting", text=_waiting, then=Open("menu")),
        End(name="already", text=_already, then=Open("menu")),
        Tell(name="overlap", text=_overlap, otherwise="session"),
        Tell(name="past", text=_("That one has begun already. Here is what is still to come."), otherwise="gone"),
        Tell(name="cancelled", text=_("That date was cancelled. Here is what is still on."), otherwise="gone"),
        End(name="closed_now", text=_("It has just been closed for bookings. Ask a person, there may be another way.")),
        End(name="age", text=_("This one is for another age. We will gladly find something that fits.")),
        End(name="consent", text=_("A yes for taking part is missing. It can be given in “my data”.")),
        End(name="denied", text=_("Only the person or their guardian can book this.")),
        End(name="later", text=_("All right. Nothing was booked.")),
        *conditions.AFTER,
        End(name="end"),
    ),
)
