"""Who comes to a meeting, who waits, who was there: marked by a tap. /people and /today."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff import MarkAttendance
from conversations.facts.staff import Attending, SessionRow
from conversations.running.exam import LABEL as EXAM
from conversations.running.leading import asked_label
from conversations.running.learning import LABEL as LEARNING
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.staff import usual
from conversations.staff.meetings.sessions import card, row_of, same
from conversations.standing import StandingAction
from conversations.steps import Browse, Choose, Do, End, Here, Item, Open, Page, Tell

_MARKS = {"present": "absent", "absent": "excused", "excused": ""}
"""What a tap makes of a person: there, not there, excused, not marked."""
_TRIP = _("🚌 Trip")
_BOOKED_BY = {
    "guardian": _("{who}, booked by a parent or guardian"),
    "helper": _("{who}, booked by a helper"),
    "other": _("{who}, booked by somebody else"),
}


def _meetings(here: Here, offset: int, size: int, *, today: bool) -> Page:
    of = str(here.get("listing") or "")
    listing = int(of) if of.isascii() and of.isdigit() else 0
    rows, total = here.facts.staff.meetings(offset, size, today=today, listing=listing)
    return Page(tuple(Item(str(row.id), _listed(here, row), _("People")) for row in rows), total)


def _listed(here: Here, row: SessionRow) -> Text:
    return lines(card(row), _TRIP if here.facts.outings.is_trip(row.id) else None)


def _people(here: Here) -> Text:
    row = row_of(here)
    if row is None:
        return usual.NOT_YOURS
    return lines(
        card(row),
        n_("{n} person said that they come", "{n} people said that they come").of(n=row.coming) if row.coming else None,
        n_("{n} person was there", "{n} people were there").of(n=row.came) if row.begun and row.came else None,
        _list(here, row),
        _("Tap a name: ✅ there, ❌ not there, 🟡 excused, ⬜ not marked.") if row.begun and row.taken else None,
    )


def _list(here: Here, row: SessionRow) -> Text | None:
    """Everybody by name; once it has begun the names are the buttons, and who waits or was booked for is listed."""
    listed = [one for one in here.facts.staff.people(row.id) if not row.begun or one.by or one.state == "waiting"]
    return lines(*(_line(one) for one in listed)) if listed else None


def _line(one: Attending) -> Text:
    who = _BOOKED_BY[one.by].of(who=_called(one)) if one.by in _BOOKED_BY else _called(one)
    if one.state == "waiting":
        return _("⏳ {who}, waiting").of(who=who)
    if one.state == "offered":
        return _("🎁 {who}, a place is held").of(who=who)
    if one.attends == "coming":
        return _("👍 {who}, comes").of(who=who)
    return (_("🟡 {who}, excused") if one.attends == "excused" else _("• {who}")).of(who=who)


def _called(one: Attending) -> Text:
    if one.called:
        return _("{name} ({number})").of(name=one.called, number=str(one.number))
    return _("Number {number}").of(number=str(one.number))


def _marks(here: Here) -> Mapping[str, Text]:
    row = row_of(here)
    found: dict[str, Text] = {}
    trip = {"trip": _TRIP} if row is not None and here.facts.outings.is_trip(row.id) else {}
    signs = {"present": _("✅ {who}"), "absent": _("❌ {who}"), "excused": _("🟡 {who}")}
    if row is not None and row.begun:
        people = [one for one in here.facts.staff.people(row.id) if one.state == "booked"]
        found = {str(one.booking_id): signs.get(one.attends, _("⬜ {who}")).of(who=_called(one)) for one in people}
    asked = len(here.facts.around.questions(row.id)) if row is not None else 0
    if row is not None and row.begun:
        found["code"] = _("🔢 Code for the board")
        found["heads"] = _("🔢 Count heads")
    if row is not None and asked:
        found["questions"] = asked_label(here, row.id, asked)
    if row is not None and row.begun and here.facts.lessons.pupils(row.id):
        found["learning"] = LEARNING
    if row is not None and row.begun and here.facts.lessons.is_exam(row.id):
        found["results"] = EXAM
    return {**trip, **found, "done": _("All right")}


def _around(act: str) -> Open:
    return Open("around_one", lambda here: {**same(here), "act": act})


def _next_mark(here: Here) -> MarkAttendance:
    booking, session = int(here["who"]), int(here["session"])
    known = next((one.attends for one in here.facts.staff.people(session) if one.booking_id == booking), "")
    return MarkAttendance(booking, session, _MARKS.get(known, "present"))


attendance = Conversation(
    name="attendance",
    title=_("People of a meeting"),
    role="staff",
    steps=(
        Choose(
            name="who",
            question=_people,
            choices=_marks,
            page=40,
            goto={
                "done": "end",
                "trip": Open("trip", same),
                "code": _around("code"),
                "heads": Open("count_heads", same),
                "questions": _around("questions"),
                "learning": Open("learning", same),
                "results": Open("exam_results", same),
            },
            otherwise="mark",
        ),
        Do(
            name="mark",
            does=MarkAttendance,
            deed=_next_mark,
            goto={"marked": Open("attendance", same, instead=True), "result": "result", "refused": "refused"},
        ),
        Tell(
            name="result",
            text=_("There is a result of the exam. Please take that back first, under “Results of the exam”."),
            otherwise=Open("attendance", same, instead=True),
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)

_TO_PEOPLE = Open("attendance", lambda here: {"session": int(here["which"])})

people = Conversation(
    name="people",
    title=_("Who comes"),
    command="people",
    about=_("who comes, who waits, who was there"),
    role="staff",
    steps=(
        Browse(
            name="which",
            question=_("Which meeting? Today's come first."),
            items=lambda here, offset, size: _meetings(here, offset, size, today=False),
            empty="none",
            otherwise=_TO_PEOPLE,
        ),
        End(name="none", text=_("There is no meeting.")),
    ),
)

see_people = StandingAction(name="people", opens="people")

today = Conversation(
    name="today",
    title=_("Today"),
    command="today",
    about=_("the meetings of today"),
    role="staff",
    steps=(
        Browse(
            name="which",
            question=_("The meetings of today:"),
            items=lambda here, offset, size: _meetings(here, offset, size, today=True),
            empty="none",
            otherwise=_TO_PEOPLE,
        ),
        End(name="none", text=_("There is no meeting today.")),
    ),
)
