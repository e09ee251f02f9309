"""An appointment: with whom, in which language, where, when; the consent that is needed; and where to come."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments import words
from conversations.calls import whom
from conversations.deeds.appointments import TakeAppointment, TellAddress
from conversations.facts.appointments import Free, Service, Visit, Wish
from conversations.script import (
    Attach,
    Choose,
    Confirm,
    Conversation,
    Do,
    End,
    Here,
    Json,
    Open,
    Tell,
    Write,
)
from conversations.speech import NotUnderstood, Say, Text, _, lines, n_, said

_SITE = "s"
"""How keys begin that stand for a site."""
ANY = "any"
ADDRESS_MOST, WISH_MOST = 300, 200
_GONE = _("This is not on offer any more.")


def _number(here: Here, name: str) -> int:
    seed = str(here.get(name) or "").removeprefix(_SITE)
    return int(seed) if seed.isascii() and seed.isdigit() and len(seed) < 18 else 0


def _service(here: Here) -> Service | None:
    return here.facts.appointments.service(_number(here, "listing"))


def _wish(here: Here) -> Wish:
    def chosen(name: str) -> str:
        answer = here.get(name) or ""
        return "" if answer == ANY else str(answer)

    return Wish(
        listing=_number(here, "listing"),
        site=_number(here, "site"),
        profession=chosen("profession"),
        gender=chosen("gender"),
        language=chosen("language"),
        moves=_number(here, "moves"),
    )


def _moving(here: Here) -> bool:
    return bool(_number(here, "moves"))


def _talks(here: Here) -> Mapping[str, Text]:
    found = here.facts.appointments.talks()
    return {str(listing): _("{title} · {place}").of(title=title, place=place) for listing, title, place in found}


def _no_talks(here: Here) -> bool:
    return "listing" not in here.answers and not here.facts.appointments.talks()


def _gone(here: Here) -> bool:
    return _service(here) is None


def _nothing_free(here: Here) -> bool:
    service = _service(here)
    if service is None or not service.open:
        return True
    return not here.facts.appointments.days(Wish(service.listing_id, moves=_number(here, "moves")))


def _nothing(here: Here) -> Text:
    service = _service(here)
    if service is None:
        return _GONE
    card = None if _moving(here) else words.card(service)
    return lines(card, _("No time is free right now. A person from our team will help."))


def _card(here: Here) -> Text:
    service = _service(here)
    return words.card(service) if service else _GONE


# ---------------------------------------------------------------- for whom, and their consent


def _consent(here: Here) -> Text:
    service = _service(here)
    if service is not None and service.discreet and here.facts.me.needs_guardian and whom.consent_missing(here):
        return lines(
            whom.asks_consent(here),
            _("Nobody has to wait for that to talk: write to a person now, or call. It costs nothing."),
        )
    return whom.asks_consent(here)


def _ways_to_consent(here: Here) -> Mapping[str, Text]:
    ways = dict(whom.consent_choices(here))
    service = _service(here)
    if service is not None and service.discreet and whom.consent_missing(here):
        later = ways.pop("later")
        ways |= {"talk": words.TALK, "numbers": _("📞 Numbers to call"), "later": later}
    return ways


# ---------------------------------------------------------------- what is wished


def _sites(here: Here) -> Mapping[str, Text]:
    return {f"{_SITE}{site}": said(name) for site, name in here.facts.appointments.sites(_wish(here))}


def _professions(here: Here) -> Mapping[str, Text]:
    keys = here.facts.appointments.professions(_wish(here))
    return {key: words.profession(key) for key in keys if key in words.PROFESSIONS} or {ANY: _("No matter")}


def _genders(here: Here) -> Mapping[str, Text]:
    found = here.facts.appointments.genders(_wish(here))
    return {ANY: _("No matter"), **{key: words.GENDERS[key] for key in found}}


def _languages(here: Here) -> Mapping[str, Text]:
    found = here.facts.appointments.languages(_wish(here))
    return {**{key: words.language(key) for key in found}, ANY: _("No matter")}


def _at_home(here: Here) -> bool:
    return bool(here.get("where") == "home")


def _may_be_at_home(here: Here) -> bool:
    service = _service(here)
    return service is not None and service.home and not _moving(here)


def _days(here: Here) -> Mapping[str, Text]:
    found = here.facts.appointments.days(_wish(here))
    days = {key: n_("{day} · {n} free", "{day} · {n} free").of(day=day, n=n) for key, day, n in found}
    return days or {"none": words.TALK}


def _which_day(here: Here) -> Text:
    if here.facts.appointments.days(_wish(here)):
        return _("Which day suits?")
    return _("With these wishes no time is free. Go back for others, or write to a person.")


def _times(here: Here) -> Mapping[str, Text]:
    found = here.facts.appointments.times(_wish(here), str(here.get("day") or ""))
    several = len({one.called for one in found}) > 1
    label = _("{time} · {name}") if several else _("{time}")
    times = {one.key: label.of(time=one.when, name=one.called) for one in found}
    return times or {"none": _("Another day")}


def _free(here: Here) -> Free | None:
    return here.facts.appointments.time(_wish(here), str(here.get("slot") or ""))


def _asks_child(here: Here) -> bool:
    service = _service(here)
    return service is not None and service.wish and not _moving(here) and whom.is_child(here)


def _child_says(typed: str, _here: Here) -> Json:
    kept = " ".join(typed.split())
    if len(kept) > WISH_MOST:
        raise NotUnderstood(_("One short line is enough."))
    return kept


def _sure(here: Here) -> Text:
    service, free = _service(here), _free(here)
    if service is None or free is None:
        return _("Shall we take this time?")
    time = words.when_where(service.title, free.when, free.place, free.called, home=_at_home(here))
    name = words.for_whom(whom.name(here)) if not _moving(here) and whom.is_other(here) else None
    wish = _("The child says: {words}").of(words=str(here["wish"])) if here.get("wish") else None
    return lines(time, name, wish, _("Shall we take this time?"))


def _take(here: Here) -> TakeAppointment:
    wish = _wish(here)
    return TakeAppointment(
        listing=wish.listing,
        slot=str(here.get("slot") or ""),
        person=0 if _moving(here) else whom.chosen_id(here),
        home=_at_home(here),
        language=wish.language,
        wish=str(here.get("wish") or ""),
        moves=wish.moves,
    )


# ---------------------------------------------------------------- afterwards


def _visit(here: Here) -> Visit | None:
    return here.facts.appointments.visit(int((here.get("take") or {}).get("appointment") or 0))


def booked(visit: Visit, here: Here) -> Say:
    """The confirmation: number, time and place, and the calendar entry; of a discreet one nothing else."""
    return Say(
        lines(
            _("✅ The appointment is made. Number: {number}.").of(number=str(visit.number)),
            words.for_whom(visit.child),
            words.about(visit),
            _("🎒 Bring: {bring}").of(bring=visit.bring) if visit.bring else None,
            words.planned(visit),
        ),
        document=here.facts.appointments.calendar(visit.appointment_id),
    )


def _booked(here: Here) -> Text | Say:
    visit = _visit(here)
    return booked(visit, here) if visit else _("✅ The appointment is made.")


def _moved(here: Here) -> Text | Say:
    visit = _visit(here)
    if visit is None:  # moved by staff: the people concerned have been told
        return _("✅ It is moved. Everybody concerned was told.")
    return Say(
        lines(_("✅ It is moved."), words.for_whom(visit.child), words.about(visit), words.planned(visit)),
        document=here.facts.appointments.calendar(visit.appointment_id),
    )


def address(typed: str, _here: Here) -> Json:
    """Reads where to come."""
    kept = typed.strip()
    if len(kept) < 3:
        raise NotUnderstood(_("Please write where we should come, or send a voice note or the place."))
    return kept[:ADDRESS_MOST]


def telling(appointment: int, sent: Mapping[str, Json]) -> TellAddress:
    """The deed for what was written, said or shared as the place to come to."""
    return TellAddress(
        appointment,
        words=str(sent.get("text") or "") if not sent.get("attachment") else "",
        latitude=sent.get("latitude"),
        longitude=sent.get("longitude"),
        attachment=str(sent.get("attachment") or ""),
    )


ASK_ADDRESS = _(
    "Where should we come? Write it, say it, or share the place. It is for this one visit: then it is erased."
)
TOLD = _("✅ We know where to come. Only who visits you sees it.")

appointment = Conversation(
    name="appointment",
    title=_("Appointment"),
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
        Tell(name="card", text=_card, when=lambda here: not _moving(here)),
        Choose(
            name="who",
            question=_("For whom?"),
            choices=lambda here: whom.choices(here, 0),
            when=lambda here: not _moving(here) and whom.several(here),
            goto={"child": Open("add_child")},
        ),
        Choose(
            name="consent",
            question=_consent,
            choices=_ways_to_consent,
            when=lambda here: not _moving(here) and whom.consent_missing(here),
            goto={
                "guardian": Open(
                    "ask_guardian", lambda here: {"ask": "make", "listing": _number(here, "listing")}, instead=True
                ),
                "own": Open("ask_guardian"),
                "children": Open("children"),
                "talk": Open("talk"),
                "numbers": Open("safety"),
                "go": "site",
                "later": "later",
            },
        ),
        Choose(name="site", question=_("Where?"), choices=_sites, when=lambda here: len(_sites(here)) > 1),
        Choose(
            name="profession",
            question=_("Whom do you need?"),
            choices=_professions,
            when=lambda here: not _moving(here) and len(_professions(here)) > 1,
        ),
        Choose(
            name="gender",
            question=_("With a woman or a man?"),
            choices=_genders,
            when=lambda here: len(_genders(here)) > 1,
        ),
        Choose(
            name="language",
            question=_("In which language?"),
            choices=_languages,
            page=8,
            when=lambda here: len(here.facts.appointments.languages(_wish(here))) > 1,
        ),
        Choose(
            name="where",
            question=_("Do you come there, or shall we come to you?"),
            choices={"there": _("🏢 I come there"), "home": _("🏠 At our home")},
            when=_may_be_at_home,
        ),
        Choose(name="day", question=_which_day, choices=_days, goto={"none": Open("talk")}),
        Choose(name="slot", question=_("At what time?"), choices=_times, page=8, goto={"none": "day"}),
        Write(
            name="wish",
            question=_("What does the child say? One line, if the child wants. Only who meets the child reads it."),
            check=_child_says,
            skip=_("Leave it out"),
            when=_asks_child,
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
        Tell(name="booked", text=_booked),
        Attach(
            name="address",
            question=ASK_ADDRESS,
            kinds=("voice", "location"),
            check=address,
            asks="location",
            skip=_("Later"),
            when=_at_home,
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
        End(name="moved", text=_moved),
        End(name="limit", text=_("There is an appointment here already. When it is over, the next can be made.")),
        End(name="closed", text=_("It has just been closed for bookings. Ask a person, there may be another way.")),
        End(name="age", text=_("This one is for another age. We will gladly find something that fits.")),
        End(name="late", text=_("It is too near to be moved here. Write “person”: our team finds another time.")),
        End(name="agree", text=_("A yes for taking part is missing. It can be given in “my data”.")),
        End(name="denied", text=_("Only the person or their guardian can book this.")),
        End(name="later", text=_("All right. Nothing was booked.")),
        End(name="end"),
    ),
)
