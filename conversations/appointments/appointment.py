"""An appointment: with whom, in which language, where, when; the consent that is needed; and where to come."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments import wishes, words
from conversations.appointments.arranged import ASK_ADDRESS, TOLD, address, has_booked, has_moved, telling
from conversations.calls import whom
from conversations.deeds.appointments import TakeAppointment, TellAddress
from conversations.facts.appointments import Wish
from conversations.offers.words import OTHER_AGE
from conversations.script import Conversation
from conversations.speech import Text, _, lines
from conversations.steps import Attach, Choose, Confirm, Do, End, Here, Open, Tell, Write

_GONE = _("This is not on offer any more.")
_ENOUGH = _("There is an appointment here already. When it is over, the next can be made.")


def _talks(here: Here) -> Mapping[str, Text]:
    found = here.facts.appointments.talks()
    return {str(listing): _("{title} · {place}").of(title=title, place=place) for listing, title, place in found}


def _no_talks(here: Here) -> bool:
    return "listing" not in here.answers and not here.facts.appointments.talks()


def _gone(here: Here) -> bool:
    return wishes.service_of(here) is None


def _nothing_free(here: Here) -> bool:
    service = wishes.service_of(here)
    if service is None or not service.open:
        return True
    return not here.facts.appointments.days(Wish(service.listing_id, moves=wishes.number_of(here, "moves")))


def _nothing(here: Here) -> Text:
    service = wishes.service_of(here)
    if service is None:
        return _GONE
    card = None if wishes.is_moving(here) else words.card(service)
    return lines(card, _("No time is free right now. A person from our team will help."))


def _card(here: Here) -> Text:
    service = wishes.service_of(here)
    return words.card(service) if service else _GONE


def _has_enough(here: Here) -> bool:
    """Said before anything more is asked, not after the last question."""
    listing = wishes.number_of(here, "listing")
    return not wishes.is_moving(here) and here.facts.appointments.has_enough(listing, whom.chosen_id(here))


def _people(here: Here) -> Mapping[str, Text]:
    service = wishes.service_of(here)
    return whom.everybody(here, service.bands if service else ())


def _only_me(here: Here) -> bool:
    """True where nobody need be asked for whom it is."""
    return not whom.several(here) and next(iter(_people(here)), "child") != "child"


def _consent(here: Here) -> Text:
    service = wishes.service_of(here)
    if service is not None and service.discreet and here.facts.me.needs_guardian and whom.consent_missing(here):
        return lines(
            whom.asks_consent(here),
            _("Nobody has to wait for that to talk: write to a person now, or call. It costs nothing."),
        )
    return whom.asks_consent(here)


def _ways_to_consent(here: Here) -> Mapping[str, Text]:
    ways = dict(whom.consent_choices(here))
    service = wishes.service_of(here)
    if service is not None and service.discreet and whom.consent_missing(here):
        later = ways.pop("later")
        ways |= {"talk": words.TALK, "numbers": _("📞 Numbers to call"), "later": later}
    return ways


def _sure(here: Here) -> Text:
    service, free = wishes.service_of(here), wishes.free_time(here)
    if service is None or free is None:
        return _("Shall we take this time?")
    time = words.when_where(service.title, free.when, free.place, free.called, home=wishes.at_home(here))
    name = words.for_whom(whom.name(here)) if not wishes.is_moving(here) and whom.is_other(here) else None
    wish = _("The child says: {words}").of(words=str(here["wish"])) if here.get("wish") else None
    return lines(time, name, wish, _("Shall we take this time?"))


def _take(here: Here) -> TakeAppointment:
    wish = wishes.wish_of(here)
    return TakeAppointment(
        listing=wish.listing,
        slot=str(here.get("slot") or ""),
        person=0 if wishes.is_moving(here) else whom.chosen_id(here),
        home=wishes.at_home(here),
        language=wish.language,
        wish=str(here.get("wish") or ""),
        moves=wish.moves,
    )


_OTHERS = Open(
    "appointment",
    lambda here: {name: here[name] for name in ("listing", "moves", "seen") if here.get(name)} | {"other": True},
    instead=True,
)
"""Everything is asked once more, for the appointment that moves."""

appointment = Conversation(
    name="appointment",
    title=_("Appointment"),
    shows=_card,
    steps=(
        Tell(name="no_talks", text=_("No appointments are given right now."), when=_no_talks, otherwise="end"),
        Choose(name="listing", question=_("Somebody to talk to: where? Nobody asks why."), choices=_talks),
        Tell(name="gone", text=_GONE, when=_gone, otherwise="end"),
        Choose(
            name="nothing",
            question=_nothing,
            choices={"talk": words.TALK, "later": _("Not now")},
            when=_nothing_free,
            goto={"talk": Open("talk"), "later": "end"},
        ),
        Tell(name="card", text=_card, when=lambda here: not wishes.is_moving(here)),
        Tell(
            name="other_age",
            text=OTHER_AGE,
            when=lambda here: not wishes.is_moving(here) and not _people(here),
            otherwise="end",
        ),
        Choose(
            name="who",
            question=_("For whom?"),
            choices=_people,
            when=lambda here: not wishes.is_moving(here) and not _only_me(here),
            goto={"child": Open("add_child")},
        ),
        Tell(name="enough", text=_ENOUGH, when=_has_enough, otherwise="end"),
        Choose(
            name="consent",
            question=_consent,
            choices=_ways_to_consent,
            when=lambda here: not wishes.is_moving(here) and whom.consent_missing(here),
            goto={
                "guardian": Open(
                    "ask_guardian",
                    lambda here: {"ask": "make", "listing": wishes.number_of(here, "listing")},
                    instead=True,
                ),
                "own": Open("ask_guardian"),
                "children": Open("children"),
                "talk": Open("talk"),
                "numbers": Open("safety"),
                "go": "site",
                "later": "later",
            },
        ),
        Tell(
            name="not_same",
            text=_("With the same person and place no time is free. These are the others:"),
            when=wishes.stays_not,
        ),
        Choose(
            name="site",
            question=_("Where?"),
            choices=wishes.sites,
            when=lambda here: not wishes.keeps(here) and len(wishes.sites(here)) > 1,
        ),
        Choose(
            name="profession",
            question=wishes.which_profession,
            choices=wishes.professions,
            when=lambda here: not wishes.keeps(here) and len(wishes.professions(here)) > 1,
        ),
        Choose(
            name="gender",
            question=_("With a woman or a man?"),
            choices=wishes.genders,
            when=lambda here: not wishes.keeps(here) and len(wishes.genders(here)) > 1,
        ),
        Choose(
            name="language",
            question=_("In which language?"),
            choices=wishes.languages,
            page=8,
            when=lambda here: (
                not wishes.keeps(here) and len(here.facts.appointments.languages(wishes.wish_of(here))) > 1
            ),
        ),
        Choose(
            name="where",
            question=_("Do you come there, or shall we come to you?"),
            choices={"there": _("🏢 I come there"), "home": _("🏠 At our home")},
            when=wishes.may_be_at_home,
        ),
        Choose(
            name="day",
            question=wishes.which_day,
            choices=wishes.days,
            goto={"none": Open("talk"), "other": _OTHERS},
            page=wishes.DAYS_SEEN,
        ),
        Choose(name="slot", question=_("At what time?"), choices=wishes.times, page=8, goto={"none": "day"}),
        Write(
            name="wish",
            question=_("What does the child say? One line, if the child wants. Only who meets the child reads it."),
            check=wishes.child_says,
            skip=_("Leave it out"),
            when=wishes.asks_child,
        ),
        Confirm(name="sure", question=_sure, yes=_("Yes, please"), no=_("No, another time"), goto={"no": "day"}),
        Do(
            name="take",
            does=TakeAppointment,
            deed=_take,
            goto={
                "booked": "booked",
                "moved": "moved",
                "taken": "taken",
                "limit": "limit",
                "overlap": "overlap",
                "closed": "closed",
                "age": "age",
                "late": "late",
                "consent": "agree",
                "denied": "denied",
            },
        ),
        Tell(name="taken", text=_("Somebody was quicker. These times are still free:"), otherwise="day"),
        Tell(name="overlap", text=_("Something else is booked at that time. Another one?"), otherwise="day"),
        Tell(name="booked", text=has_booked),
        Attach(
            name="address",
            question=ASK_ADDRESS,
            kinds=("voice", "location"),
            check=address,
            asks="location",
            skip=_("Later"),
            when=wishes.at_home,
        ),
        Do(
            name="tell",
            does=TellAddress,
            deed=lambda here: telling(int(here["take"]["appointment"]), here["address"]),
            when=lambda here: bool(here.get("address")),
            goto={"told": "told", "gone": "end", "lost": "lost"},
        ),
        End(name="done", then=Open("menu")),
        End(name="told", text=TOLD, then=Open("menu")),
        Tell(name="lost", text=_("That did not arrive in one piece. Once more, please."), otherwise="address"),
        End(name="moved", text=has_moved),
        End(name="limit", text=_ENOUGH),
        End(name="closed", text=_("It has just been closed for bookings. Ask a person, there may be another way.")),
        End(name="age", text=OTHER_AGE),
        End(name="late", text=_("It is too near to be moved here. Write “person”: our team finds another time.")),
        End(name="agree", text=_("A yes for taking part is missing. It can be given in “my data”.")),
        End(name="denied", text=_("Only the person or their guardian can book this.")),
        End(name="later", text=_("All right. Nothing was booked.")),
        End(name="end"),
    ),
)
