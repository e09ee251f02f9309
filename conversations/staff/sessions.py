"""One meeting: move it, cancel it, who comes, who waits, who was there. /people and /today."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff import CancelSession, MarkAttendance, MoveSession
from conversations.facts.staff import Attending, SessionRow
from conversations.script import (
    Browse,
    Choose,
    Confirm,
    Conversation,
    Do,
    End,
    Here,
    Item,
    Json,
    Open,
    Page,
    Tell,
    Write,
)
from conversations.speech import Moment, Text, _, lines, n_
from conversations.staff import condition_notices, fields
from conversations.staff.notices import REASONS
from conversations.standing import StandingAction

_REFUSED = _("Only staff of the organisation can do this.")
_NOT_YOURS = _("This is not there, or it is not yours to change.")
_MARKS = {"present": "absent", "absent": "excused", "excused": ""}
"""What a tap makes of a person: there, not there, excused, not marked."""
_BOOKED_BY = {
    "guardian": _("{who}, booked by a parent or guardian"),
    "helper": _("{who}, booked by a helper"),
    "other": _("{who}, booked by somebody else"),
}


def _row(here: Here) -> SessionRow | None:
    return here.facts.staff.session(int(here["session"]))


def _told(row: SessionRow) -> Text:
    return lines(
        _("📌 {title}").of(title=row.title),
        _("🗓 {when}").of(when=row.at),
        _("📖 {topic}").of(topic=row.topic) if row.topic else None,
        _("📍 {place}").of(place=row.place) if row.place else None,
        condition_notices.DROP_IN
        if row.drop_in
        else _("{taken} of {capacity} places taken").of(taken=row.taken, capacity=row.capacity),
        condition_notices.COUNTED.of(n=row.heads) if row.heads is not None else None,
        n_("{n} person waits", "{n} people wait").of(n=row.waiting) if row.waiting else None,
    )


def _shown(here: Here) -> Text:
    row = _row(here)
    return _told(row) if row else _NOT_YOURS


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"done": _("All right")}
    ways = {"people": _("👥 People"), "around": _("🧑‍🏫 Leader, code, questions")}
    if not row.over:
        ways |= {"move": _("🔁 Move"), "cancel": _("❌ Cancel it")}
    if here.facts.outings.is_trip(row.id):
        ways["trip"] = _("🚌 Trip")
    if row.begun:
        ways["heads"] = _("🔢 Count heads")
    if row.waiting > 1 and not row.over:
        ways["line"] = _("↕️ Order of the waiting list")
    return ways


def _same(here: Here) -> dict[str, object]:
    return {"session": here["session"]}


_BACK = Open("session", _same, instead=True)


def _affected(row: SessionRow) -> int:
    return row.taken + row.waiting


def _sure_to_move(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return _NOT_YOURS
    return lines(
        _("Now: {when}").of(when=row.at),
        _("New: {when}").of(when=_moment(here)),
        n_("{n} person is told at once. Move it?", "{n} people are told at once. Move it?").of(n=_affected(row)),
    )


def _moment(here: Here) -> Moment:
    return here.facts.staff.moment(here["to"], _town(here))


def _town(here: Here) -> int | None:
    row = _row(here)
    found = here.facts.staff.listing(row.listing_id) if row else None
    return found.town_id if found else None


def _reason(typed: str, here: Here) -> Json:
    return typed if typed in REASONS else fields.words(3, 200)(typed, here)


def _sure_to_cancel(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return _NOT_YOURS
    return lines(
        _told(row),
        n_("{n} person is told at once. Cancel it?", "{n} people are told at once. Cancel it?").of(n=_affected(row)),
    )


session = Conversation(
    name="session",
    title=_("One meeting"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={
                "people": Open("attendance", _same),
                "around": Open("around_one", _same),
                "heads": Open("count_heads", _same),
                "trip": Open("trip", _same),
                "line": Open("line", _same),
                "move": "to",
                "cancel": "why",
                "done": "end",
            },
            otherwise="end",
        ),
        Write(
            name="to",
            question=_("When is it instead? Write day and time, for example: 26.11. 17:00"),
            check=fields.when(town=_town),
            suggestions=fields.likely(town=_town),
        ),
        Confirm(name="sure", question=_sure_to_move, goto={"yes": "move", "no": "kept"}),
        Do(
            name="move",
            does=MoveSession,
            deed=lambda here: MoveSession(int(here["session"]), here["to"]),
            goto={"moved": "moved", "late": "late", "refused": "refused"},
        ),
        Tell(
            name="moved",
            text=lambda here: n_("✅ It is moved. {n} person is told.", "✅ It is moved. {n} people are told.").of(
                n=here["move"]["told"]
            ),
            otherwise=_BACK,
        ),
        Tell(name="late", text=_("That cannot be changed any more."), otherwise=_BACK),
        Tell(name="kept", text=_("All right, it stays as it is."), otherwise=_BACK),
        Write(
            name="why",
            question=_("Why? Everybody who is booked will read this."),
            check=_reason,
            suggestions=REASONS,
        ),
        Choose(
            name="urgent",
            question=lambda here: _("It is night. Tell people now, or {when}?").of(when=here.facts.staff.night() or ""),
            choices={"morning": _("In the morning"), "now": _("Now, it is urgent")},
            when=lambda here: here.facts.staff.night() is not None,
        ),
        Confirm(name="sure_to_cancel", question=_sure_to_cancel, goto={"yes": "cancel", "no": "kept"}),
        Do(
            name="cancel",
            does=CancelSession,
            deed=lambda here: CancelSession(int(here["session"]), here["why"], here.get("urgent") == "now"),
            goto={"cancelled": "cancelled", "late": "late", "refused": "refused"},
        ),
        End(
            name="cancelled",
            text=lambda here: n_(
                "✅ It is cancelled. {n} person is told.", "✅ It is cancelled. {n} people are told."
            ).of(n=here["cancel"]["told"]),
        ),
        End(name="refused", text=_REFUSED),
        End(name="end", text=_("All right.")),
    ),
)


# ---------------------------------------------------------------- people


def _meetings(here: Here, offset: int, size: int, *, today: bool) -> Page:
    of = str(here.get("listing") or "")
    listing = int(of) if of.isascii() and of.isdigit() else 0
    rows, total = here.facts.staff.meetings(offset, size, today=today, listing=listing)
    return Page(tuple(Item(str(row.id), _told(row), _("People")) for row in rows), total)


def _people(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return _NOT_YOURS
    return lines(
        _told(row),
        n_("{n} person said that they come", "{n} people said that they come").of(n=row.coming) if row.coming else None,
        n_("{n} person was there", "{n} people were there").of(n=row.came) if row.begun else None,
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
    row = _row(here)
    found: dict[str, Text] = {}
    signs = {"present": _("✅ {who}"), "absent": _("❌ {who}"), "excused": _("🟡 {who}")}
    if row is not None and row.begun:
        people = [one for one in here.facts.staff.people(row.id) if one.state == "booked"]
        found = {str(one.booking_id): signs.get(one.attends, _("⬜ {who}")).of(who=_called(one)) for one in people}
    asked = len(here.facts.around.questions(row.id)) if row is not None else 0
    if row is not None and row.begun:
        found["code"] = _("🔢 Code for the board")
    if asked:
        found["questions"] = n_("❓ {n} question", "❓ {n} questions").of(n=asked)
    return {**found, "done": _("All right")}


def _around(act: str) -> Open:
    return Open("around_one", lambda here: {**_same(here), "act": act})


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
            goto={"done": "end", "code": _around("code"), "questions": _around("questions")},
            otherwise="mark",
        ),
        Do(
            name="mark",
            does=MarkAttendance,
            deed=_next_mark,
            goto={"marked": Open("attendance", _same, instead=True), "refused": "refused"},
        ),
        End(name="refused", text=_REFUSED),
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
