"""Extra hours and hours off of a professional: what is agreed, one thing more, or one taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.deeds.appointments import AddHours, TakeBackHours, TakeDayOff
from conversations.facts.appointments import Entry, Exceptional
from conversations.hours import clock
from conversations.script import Conversation
from conversations.speech import Moment, NotUnderstood, Text, _, lines, n_, verbatim
from conversations.staff import usual
from conversations.steps import Choose, Do, End, Here, Json, Open, Tell, Write

_WHOLE_DAY = (0, 1440)
DAY_KEY = "d"
"""How the calendar's keys begin that stand for a day."""
_LISTED = 8
"""Appointments that are named one by one."""
REFUSED = usual.NOT_YOURS
NO_DAY = _("Which day, and from when to when? For example: Saturday 10-12")


def _affected(found: Sequence[Entry]) -> Text | None:
    """The appointments that a change would cancel, a line each."""
    if not found:
        return None
    more = len(found) - _LISTED
    return lines(
        *(
            _("{when} · {name}").of(when=Moment(one.when.at, one.when.zone), name=one.called or _("without a name"))
            for one in found[:_LISTED]
        ),
        n_("… and {n} more.", "… and {n} more.").of(n=more) if more > 0 else None,
    )


def _sure(found: Sequence[Entry], nobody: Text, last: Text) -> Text:
    """The last look: who is booked then, and what would happen to them; `nobody` is asked where nobody is."""
    if not found:
        return nobody
    return lines(
        _affected(found),
        n_(
            "{n} appointment is cancelled; the person is told now and offered other times.",
            "{n} appointments are cancelled; everybody is told now and offered other times.",
        ).of(n=len(found)),
        last,
    )


def _told(count: object) -> Text | None:
    """How many people were told."""
    return n_("{n} person was told.", "{n} people were told.").of(n=count) if isinstance(count, int) and count else None


def _whose(here: Here) -> int:
    return int(here["professional"])


def _known(here: Here) -> tuple[Exceptional, ...]:
    return here.facts.calendars.exceptions(_whose(here))


def _named(one: Exceptional) -> Text:
    if one.span == _WHOLE_DAY:
        return _("🚫 {day}").of(day=one.when)
    hours = verbatim(f"{clock(one.span[0])}–{clock(one.span[1])}")
    if one.off:
        return _("🚫 {day}, {hours}").of(day=one.when, hours=hours)
    return _("➕ {day}, {hours}, {place}").of(day=one.when, hours=hours, place=one.place)


def _choices(here: Here) -> Mapping[str, Text]:
    return {
        "extra": _("➕ Extra hours"),
        "off": _("🚫 Not there"),
        **{str(one.exception_id): _named(one) for one in _known(here)},
    }


def _question(here: Here) -> Text:
    if _known(here):
        return _("Extra hours and days off. Tap one to take it back.")
    return _("Extra hours, or a day off?")


def _read_hours(typed: str, here: Here) -> Json:
    found = here.facts.calendars.day_typed(_whose(here), typed)
    if found is None or "/" not in found:
        raise NotUnderstood(_("Both the day and the hours are needed."))
    return found


def _read_day(typed: str, here: Here) -> Json:
    """A day to come, with hours where it is not the whole day. Raises NotUnderstood."""
    found = here.facts.calendars.day_typed(_whose(here), typed)
    if found is None:
        raise NotUnderstood(_("Which day? For example: 26.11., or with hours: 26.11. 14-16"))
    return found


def _sites(here: Here) -> Mapping[str, Text]:
    return {str(site): _("{words}").of(words=name) for site, name in here.facts.calendars.places(_whose(here))}


def _site(here: Here) -> int:
    if here.get("site"):
        return int(here["site"])
    known = here.facts.calendars.places(_whose(here))
    return known[0][0] if known else 0


def _booked_then(here: Here) -> tuple[Entry, ...]:
    return here.facts.calendars.affected(_whose(here), str(here["off_day"]))


def _left_out(here: Here) -> tuple[Entry, ...]:
    return here.facts.calendars.left_out(int(here["what"]))


def _off(here: Here) -> Text:
    if "/" in str(here["off_day"]):
        return _("✅ These hours are off.")
    return _("✅ The day is off.")


def _yes_no(found: Sequence[Entry]) -> Mapping[str, Text]:
    return {"yes": _("Yes"), **({"move": _("🔁 Move them first")} if found else {}), "no": _("No")}


def _to_move(here: Here) -> Mapping[str, Json]:
    """The seed of the calendar that opens the day of those who are booked then."""
    exception = next((one.day for one in _known(here) if str(one.exception_id) == here.get("what")), "")
    day = exception or str(here.get("off_day") or "").partition("/")[0]
    return {"professional": str(_whose(here)), "day": DAY_KEY + day}


def _off_days(here: Here) -> Mapping[str, Text]:
    """The next days with hours, the one that was looked at first."""
    days = [day for day in here.facts.calendars.diary(_whose(here)) if not day.off and not day.unmarked]
    first = [day for day in days if day.key == here.get("near")]
    return {day.key: _("{day}").of(day=day.when) for day in (*first, *(one for one in days if one not in first))[:6]}


other_hours = Conversation(
    name="other_hours",
    title=_("Extra hours and days off"),
    role="professional",
    alone=True,
    steps=(
        Choose(
            name="what",
            question=_question,
            choices=_choices,
            page=8,
            goto={"extra": "hours", "off": "off_day"},
            otherwise="back_sure",
        ),
        Choose(
            name="back_sure",
            question=lambda here: _sure(_left_out(here), _("Undo this?"), _("Undo this?")),
            choices=lambda here: _yes_no(_left_out(here)),
            goto={"no": "end", "move": Open("calendar", _to_move, instead=True)},
            otherwise="back",
        ),
        Do(
            name="back",
            does=TakeBackHours,
            deed=lambda here: TakeBackHours(int(here["what"])),
            goto={"back": "is_back", "gone": "end", "refused": "refused"},
        ),
        End(name="is_back", text=lambda here: lines(_("✅ It is taken back."), _told(here["back"].get("told")))),
        Write(name="hours", question=NO_DAY, check=_read_hours),
        Choose(
            name="site",
            question=_("Where exactly?"),
            choices=_sites,
            when=lambda here: len(here.facts.calendars.places(_whose(here))) > 1,
        ),
        Do(
            name="add",
            does=AddHours,
            deed=lambda here: AddHours(_whose(here), _site(here), str(here["hours"])),
            goto={"added": "added", "there": "there", "refused": "refused"},
        ),
        End(name="added", text=_("✅ These times can be booked now.")),
        Tell(name="there", text=_("These are working hours already."), otherwise="hours"),
        Write(
            name="off_day",
            question=_("Which day? For example: 26.11., or with hours: 26.11. 14-16"),
            check=_read_day,
            suggestions=_off_days,
            otherwise="off_sure",
        ),
        Choose(
            name="off_sure",
            question=lambda here: _sure(
                _booked_then(here), _("Nobody is booked then. Take it off?"), _("Take it off?")
            ),
            choices=lambda here: _yes_no(_booked_then(here)),
            goto={"no": "end", "move": Open("calendar", _to_move, instead=True)},
            otherwise="take_off",
        ),
        Do(
            name="take_off",
            does=TakeDayOff,
            deed=lambda here: TakeDayOff(_whose(here), str(here["off_day"])),
            goto={"off": "is_off", "refused": "refused"},
        ),
        End(name="is_off", text=lambda here: lines(_off(here), _told(here["take_off"].get("told")))),
        End(name="refused", text=REFUSED),
        End(name="end"),
    ),
)
