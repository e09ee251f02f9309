"""Who gives the appointments of a service: somebody more, other hours, a code for their own calendar, who leaves."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments import words
from conversations.appointments.service import OTHER, hours_in_words, read_hours, sites
from conversations.deeds.appointments import EndProfessional, InviteProfessional, SetHours
from conversations.facts.appointments import Calendar
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, verbatim
from conversations.staff import usual
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell, Write


def _team(here: Here) -> Mapping[str, Text]:
    found = here.facts.calendars.team(int(here.get("listing") or 0))
    people = {
        str(one.professional_id): _("{name}, {profession}").of(
            name=one.called, profession=words.profession(one.profession)
        )
        for one in found
    }
    return {**people, "add": _("➕ Somebody else")}


def _one(here: Here) -> Calendar | None:
    found = here.facts.calendars.team(int(here.get("listing") or 0))
    return next((one for one in found if str(one.professional_id) == str(here.get("who"))), None)


def _shown(here: Here) -> Text:
    one = _one(here)
    if one is None:
        return usual.NOT_YOURS
    places = {place: None for place, _day, _begins, _ends in one.hours}
    return lines(
        _("{name}, {profession}").of(name=one.called, profession=words.profession(one.profession)),
        *(
            lines(
                _("📍 {place}").of(place=place),
                hours_in_words([(day, begins, ends) for where, day, begins, ends in one.hours if where == place]),
            )
            for place in places
        ),
    )


def _ways(here: Here) -> Mapping[str, Text]:
    one = _one(here)
    if one is None:
        return {"others": _("All right")}
    code = {} if one.linked else {"invite": _("🔑 A code for their own calendar")}
    return {
        "hours": _("🕘 Hours"),
        "days": _("📅 Extra hours, days off"),
        **code,
        "end": _("🚪 Leaves"),
        "others": _("The others"),
    }


_DAYS = Open("other_hours", lambda here: {"professional": str(here["who"])})

team = Conversation(
    name="team",
    title=_("Who gives appointments"),
    role="staff",
    alone=True,
    steps=(
        Choose(
            name="who",
            question=_("Who gives these appointments:"),
            choices=_team,
            page=8,
            goto={"add": Open("new_service", lambda here: {"listing": int(here["listing"])}, instead=True)},
        ),
        Choose(
            name="what",
            question=_shown,
            choices=_ways,
            goto={"hours": "site", "days": _DAYS, "invite": "invite", "end": "sure", "others": "who"},
            otherwise="who",
        ),
        Choose(
            name="site",
            question=_("Where exactly?"),
            choices=lambda here: {key: label for key, label in sites(here).items() if key != OTHER},
        ),
        Write(
            name="hours",
            question=_("When do they work there? For example: Mon, Wed 9-12, 14-17; Fri 10-14"),
            check=read_hours,
        ),
        Do(
            name="set",
            does=SetHours,
            deed=lambda here: SetHours(
                int(here["who"]), int(here["site"]), tuple((one[0], one[1], one[2]) for one in here["hours"])
            ),
            goto={"saved": "saved", "refused": "refused"},
        ),
        Tell(name="saved", text=_("✅ It is changed. What is booked stays booked."), otherwise="who"),
        Do(
            name="invite",
            does=InviteProfessional,
            deed=lambda here: InviteProfessional(int(here["who"])),
            goto={"made": "code", "refused": "refused"},
        ),
        Tell(
            name="code",
            text=lambda here: lines(
                _("Give this to them only. It works once, and opens their own calendar, nothing else."),
                verbatim(f"/start {here['invite']['code']}"),
            ),
            otherwise="end",
        ),
        Confirm(name="sure", question=_("Do they no longer give appointments?"), goto={"no": "who"}),
        Do(
            name="leave",
            does=EndProfessional,
            deed=lambda here: EndProfessional(int(here["who"])),
            goto={"ended": "ended", "booked": "booked", "refused": "refused"},
        ),
        Tell(name="ended", text=_("✅ Done."), otherwise="who"),
        Tell(
            name="booked",
            text=lambda here: n_(
                "{n} appointment is still to come. Move it first, or take the days off.",
                "{n} appointments are still to come. Move them first, or take the days off.",
            ).of(n=here["leave"]["left"]),
            otherwise="who",
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end"),
    ),
)
