"""A guardian's yes on paper: recorded for a child that shows its code, and taken back. /paper."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff import EndPaper, LookAtPaper, RecordPaper
from conversations.people.words import MEANINGS, PURPOSES, RELATIONS, band_name, clean_code, clean_name
from conversations.script import Conversation
from conversations.speech import Joined, NotUnderstood, Text, _, lines, n_, verbatim
from conversations.staff import fields, usual
from conversations.steps import Choose, ChooseMany, Confirm, Do, End, Here, Json, Tell, Write

_ON_PAPER = tuple(purpose for purpose in PURPOSES if purpose != "reminders")
"""Nobody without a chat can be reminded in it."""
_NUMBER = _("Which number stands on the form?")


def _organisation(here: Here) -> int | None:
    return int(here["organisation"]) if here.get("organisation") else None


def _child(here: Here) -> Text:
    looked = here["looked"]
    band = band_name(str(looked.get("band") or ""))
    if looked.get("called"):
        return _("Child: {name} ({band})").of(name=str(looked["called"]), band=band)
    return _("Child: without a name here ({band})").of(band=band)


def _asks_number(here: Here) -> Text:
    return lines(_child(here), _NUMBER)


def _purposes(_here: Here) -> Text:
    return lines(_("What is ticked on the form? Only that, then “Done”."), *(MEANINGS[one] for one in _ON_PAPER))


def _days(here: Here) -> Mapping[str, Text]:
    return {key: _("{when}").of(when=day) for key, day in here.facts.staff.last_days()}


def _signed(typed: str, here: Here) -> Json:
    day = here.facts.staff.past_day(typed)
    if day is None:
        raise NotUnderstood(_("I need a day that is over or today, for example: 26.11.2025"))
    return day


def _summary(here: Here) -> Text:
    ticked = tuple(PURPOSES[one] for one in here.get("purposes") or () if one in PURPOSES)
    name = here.get("called") or here["looked"].get("called")
    return lines(
        _("Form {number}, signed {day}").of(number=str(here["number"]), day=here.facts.staff.day(here["signed"])),
        _("Child: {name}").of(name=str(name)) if name else None,
        _("Signed by: {name} ({relation})").of(name=str(here["guardian"]), relation=RELATIONS[here["relation"]]),
        _("A yes to: {names}").of(names=Joined(ticked, "commas")) if ticked else _("A yes to: nothing"),
        None if "attend" in (here.get("purposes") or ()) else _("“Taking part” is not ticked: booking stays closed."),
        _("Does the form really say so? Recording it is noted with your name."),
    )


def _record(here: Here) -> RecordPaper:
    return RecordPaper(
        here["code"],
        here["number"],
        str(here.get("called") or ""),
        here["guardian"],
        here["relation"],
        tuple(here.get("purposes") or ()),
        here["signed"],
        _organisation(here),
    )


def _ended(here: Here) -> Text:
    cancelled = here["end"].get("cancelled", 0)
    done = _("The form is taken back, and the child is told.")
    if not cancelled:
        return done
    return lines(
        done,
        n_("{n} booking or registration ended with it.", "{n} bookings or registrations ended with it.").of(
            n=cancelled
        ),
    )


paper = Conversation(
    name="paper",
    title=_("A paper form"),
    command="paper",
    about=_("a guardian's yes on paper"),
    role="staff",
    alone=True,
    steps=(
        usual.organisation(),
        Choose(
            name="what",
            question=_("A parent or guardian said yes on paper, or takes it back?"),
            choices={"record": _("➕ Record a form"), "end": _("↩️ Take a form back")},
            goto={"record": "code", "end": "which"},
        ),
        Write(
            name="code",
            question=_("Which code does the child show? It stands in its chat, below the message for the parent."),
            check=clean_code,
        ),
        Do(
            name="looked",
            does=LookAtPaper,
            deed=lambda here: LookAtPaper(here["code"], _organisation(here)),
            goto={"good": "number", "unknown": "unknown", "not_needed": "not_needed", "refused": "refused"},
        ),
        Write(name="number", question=_asks_number, check=fields.words(1, 40)),
        Write(
            name="called",
            question=_("What is the child called on the form? The first name is enough."),
            check=clean_name,
            skip=_("Leave it out"),
            when=lambda here: not here["looked"].get("called"),
        ),
        Write(
            name="guardian", question=_("Who signed it? Please write the name as it stands there."), check=clean_name
        ),
        Choose(name="relation", question=_("Who is that to the child?"), choices=RELATIONS),
        ChooseMany(name="purposes", question=_purposes, choices={one: PURPOSES[one] for one in _ON_PAPER}),
        Write(
            name="signed",
            question=_("On which day was it signed? For example: 26.11.2025"),
            check=_signed,
            suggestions=_days,
        ),
        Confirm(name="sure", question=_summary, yes=_("Yes, record it"), no=_("Change it"), goto={"no": "number"}),
        Do(
            name="record",
            does=RecordPaper,
            deed=_record,
            goto={
                "recorded": "recorded",
                "taken": "taken",
                "date": "signed",
                "unknown": "unknown",
                "not_needed": "not_needed",
                "refused": "refused",
            },
        ),
        Tell(
            name="taken", text=_("A form with this number is recorded already. Please look again."), otherwise="number"
        ),
        Write(name="which", question=_NUMBER, check=fields.words(1, 40)),
        Confirm(
            name="really",
            question=lambda here: _("Take form {number} back? What is booked with it is cancelled.").of(
                number=verbatim(str(here["which"]))
            ),
            yes=_("Yes, take it back"),
            no=_("No"),
            goto={"no": "kept"},
        ),
        Do(
            name="end",
            does=EndPaper,
            deed=lambda here: EndPaper(here["which"], _organisation(here)),
            goto={"ended": "ended", "unknown": "none", "refused": "refused"},
        ),
        End(name="recorded", text=_("✅ Recorded. The child is told at once. Please keep the form.")),
        End(name="ended", text=_ended),
        End(name="kept", text=_("All right, nothing has changed.")),
        End(name="none", text=_("There is no form with this number, or it was taken back already.")),
        End(name="unknown", text=_("This code does not work (any more). The child can make a new one at any time.")),
        End(name="not_needed", text=_("This young person is old enough to decide alone: no form is needed.")),
        End(name="refused", text=usual.REFUSED),
    ),
)
