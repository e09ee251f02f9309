"""One meeting for who leads it and for staff: the code of the room, questions, materials; a leader's own meetings."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.around import BecomeLeader, LookAtLeaderCode
from conversations.deeds.lessons import HandSheet, SetExam
from conversations.deeds.staff_around import ShowRoomCode
from conversations.facts.around import QuestionRow
from conversations.facts.staff import SessionRow
from conversations.outings.words import TOOLS
from conversations.people.joining import by_invitation
from conversations.running.exam import LABEL as RESULTS
from conversations.running.learning import LABEL as LEARNING
from conversations.running.log import LABEL as LOG
from conversations.script import Conversation
from conversations.speech import Joined, Say, Text, Words, _, lines, n_, verbatim
from conversations.steps import Browse, Choose, Do, End, Here, Item, Open, Page, Tell

_NOT_YOURS = _("This is not there, or it is not yours to see.")


def _row(here: Here) -> SessionRow | None:
    return here.facts.staff.session(int(here["session"]))


def _told(row: SessionRow) -> Text:
    return lines(
        _("📌 {title}").of(title=row.title),
        _("🗓 {when}").of(when=row.at),
        _("📍 {place}").of(place=row.place) if row.place else None,
        _("{taken} of {capacity} places taken").of(taken=row.taken, capacity=row.capacity),
    )


def _shown(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return _NOT_YOURS
    leader, care = here.facts.around.leader_of(row.id), here.facts.around.care_needed(row.id)
    return lines(
        _told(row),
        _("🧑‍🏫 Led by: {leader}").of(leader=leader) if leader else None,
        n_("🧸 {n} needs child care", "🧸 {n} need child care").of(n=care) if care else None,
        _("📝 It is an exam") if here.facts.lessons.is_exam(row.id) else None,
        _fetched(here),
        *_tools(here),
    )


def _fetched(here: Here) -> Text | None:
    """Who has to be fetched, by name."""
    rows = here.facts.lessons.to_fetch(int(here["session"]))
    who = tuple(
        _("{name} ({number})").of(name=called, number=str(number))
        if called
        else _("Number {number}").of(number=str(number))
        for called, number in rows
    )
    return _("🚐 To fetch, {n}: {who}").of(n=str(len(rows)), who=Joined(who, "commas")) if rows else None


def _tools(here: Here) -> tuple[Text | None, ...]:
    """What is promised and what is needed."""
    rows = here.facts.lessons.tools(int(here["session"]))
    needs = here.facts.outings.tools(int(here["session"]))[1]
    enough = _("🧤 {tool}: {promised} of {needed}")
    only = _("🧤 {tool}: {promised}")
    return (
        *(
            (enough if needed else only).of(tool=TOOLS[word], promised=str(promised), needed=str(needed))
            for word, promised, needed in rows
            if word in TOOLS
        ),
        n_("🙋 {n} person needs tools", "🙋 {n} people need tools").of(n=needs) if needs else None,
    )


def _is_staff(here: Here) -> bool:
    return bool({"staff", "admin"} & set(here.facts.me.roles))


def asked_label(here: Here, session_id: int, n: int) -> Text:
    """A way to what people sent for a meeting: questions, or in a club what they made."""
    if here.facts.around.shows(session_id):
        return n_("🎨 {n} thing to look at", "🎨 {n} things to look at").of(n=n)
    return n_("❓ {n} question", "❓ {n} questions").of(n=n)


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"done": _("All right")}
    asked = len(here.facts.around.questions(row.id))
    ways: dict[str, Text] = {"people": _("👥 People")}
    if here.facts.outings.is_trip(row.id):
        ways["trip"] = _("🚌 Trip")
    if row.begun:
        ways["code"] = _("🔢 Code for the board")
    if asked:
        ways["questions"] = asked_label(here, row.id, asked)
    ways["materials"] = _("📎 Materials")
    if _is_staff(here) and not row.over:
        ways["leader"] = _("🧑‍🏫 Who leads it")
    return {**ways, **_more(here, row)}


def _more(here: Here, row: SessionRow) -> dict[str, Text]:
    """What comes with the meeting and after it."""
    known, ways = here.facts.lessons, dict[str, Text]()
    if row.begun and known.pupils(row.id):
        ways["learning"] = LEARNING
    if row.begun and known.is_exam(row.id):
        ways["results"] = RESULTS
    if row.taken:
        ways["signatures"] = _("🖨 List for signing")
    if row.begun:
        ways["log"] = LOG
    if _is_staff(here) and not row.over and known.learns(row.id):
        ways["exam"] = _("📝 It is no exam") if known.is_exam(row.id) else _("📝 It is an exam")
    return {**ways, "done": _("All right")}


def _same(here: Here) -> dict[str, object]:
    return {"session": here["session"]}


def _questions(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.around.questions(int(here["session"]))
    return Page(tuple(_question(row) for row in rows[offset : offset + size]), len(rows))


def _question(row: QuestionRow) -> Item:
    what = verbatim(row.text) if row.text else _("📎 Something was sent.")
    return Item(str(row.id), lines(_who(row), what), _("Open"))


def _who(row: QuestionRow) -> Text:
    return _("💬 {who}").of(who=row.called or _("Number {number}").of(number=str(row.number)))


def _whole(here: Here) -> Say:
    wanted = str(here["questions"])
    row = next((one for one in here.facts.around.questions(int(here["session"])) if str(one.id) == wanted), None)
    if row is None:
        return Say(_NOT_YOURS)
    return Say(lines(_who(row), verbatim(row.text) if row.text else None), relay=row.attachment)


around_one = Conversation(
    name="around_one",
    title=_("Around a meeting"),
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            page=12,
            goto={
                "learning": Open("learning", _same),
                "results": Open("exam_results", _same),
                "log": Open("write_log", _same),
                "signatures": "signatures",
                "exam": "exam",
                "people": Open("attendance", _same),
                "trip": Open("trip", _same),
                "code": "code",
                "questions": "questions",
                "materials": Open("materials", _same),
                "leader": Open("who_leads", _same),
            },
            otherwise="end",
        ),
        Do(
            name="code",
            does=ShowRoomCode,
            deed=lambda here: ShowRoomCode(int(here["session"])),
            goto={"shown": "show", "not_now": "not_now", "refused": "refused"},
        ),
        Tell(
            name="show",
            text=lambda here: lines(
                verbatim(str(here["code"]["code"])),
                _("Write it on the board. People tap “my bookings”, the meeting, “I am here”."),
                _("It works until the end, only for who has a place."),
            ),
            otherwise="act",
        ),
        Tell(name="not_now", text=_("The code works from 15 minutes before until the end."), otherwise="act"),
        Do(
            name="signatures",
            does=HandSheet,
            deed=lambda here: HandSheet("signatures", int(here["session"])),
            goto={"sent": "act", "nobody": "act", "refused": "refused"},
        ),
        Do(
            name="exam",
            does=SetExam,
            deed=lambda here: SetExam(int(here["session"]), not here.facts.lessons.is_exam(int(here["session"]))),
            goto={"on": "exam_on", "off": "act", "late": "act", "refused": "refused"},
        ),
        Tell(
            name="exam_on",
            text=_("📝 Reminders say now that it is the exam. Who passed is entered here, from half an hour before."),
            otherwise="act",
        ),
        Browse(name="questions", question=_("What people want to ask or show:"), items=_questions, empty="act"),
        Tell(name="whole", text=_whole, otherwise="questions"),
        End(name="refused", text=_NOT_YOURS),
        End(name="end", text=_("All right.")),
    ),
)


def _mine(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.around.leading()
    items = (Item(str(row.id), _told(row), _("Open")) for row in rows[offset : offset + size])
    return Page(tuple(items), len(rows))


leading = Conversation(
    name="leading",
    title=_("What I lead"),
    command="leading",
    about=_("the meetings that I lead"),
    role="leader",
    steps=(
        Browse(
            name="which",
            question=_("The meetings that you lead:"),
            items=_mine,
            empty="none",
            otherwise=Open("around_one", lambda here: {"session": int(here["which"])}),
        ),
        End(name="none", text=_("There is no meeting of yours right now.")),
    ),
)


def _invited(here: Here) -> Text:
    looked = here["looked"]
    return _("You lead meetings of {organisation} as {called}. Is that right?").of(
        organisation=Words.of(looked["organisation"]),
        called=Words.of({"sr": str(looked["called"]), "bg": str(looked["called"])}),
    )


join_leader = Conversation(
    name="join_leader",
    title=_("Leading meetings"),
    open_to_all=True,
    steps=by_invitation(
        LookAtLeaderCode,
        BecomeLeader,
        _invited,
        _("Welcome! The menu has “What I lead” now: your meetings, lists and questions."),
    ),
)
