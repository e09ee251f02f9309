"""One booked meeting: a question for it, what there is to read, and "I am here" by the code of the room."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.around.learning_words import told
from conversations.around.words import PARTS
from conversations.deeds.around import AskForLesson, GetMaterial, SayHere
from conversations.facts.around import Lesson, MaterialRow
from conversations.facts.offers import Mine
from conversations.script import Conversation
from conversations.speech import Button, NotUnderstood, Say, Text, _, lines, verbatim
from conversations.steps import Attach, Browse, Choose, Do, End, Here, Item, Json, Page, Tell, Write

QUESTION_MOST = 600
ASK, READ, PRESENT = _("❓ My question for it"), _("📖 To read"), _("📍 I am here")
SHOW, STORY, NAMELESS = _("🎨 Show what I made"), _("📮 Tell a story"), _("📮 Ask without a name")
LEARNING = _("🌱 How it goes")


def _booking(here: Here) -> int:
    return int(here["booking"])


def _lesson(here: Here) -> Lesson | None:
    return here.facts.around.lesson(_booking(here))


def actions(here: Here, mine: Mine | None) -> dict[str, Text]:
    """What can be done around a booking, for the list of one's bookings; each is an "act" of this conversation."""
    if mine is None or mine.state != "booked":
        return {}
    found: dict[str, Text] = {}
    lesson = here.facts.around.lesson(mine.booking_id)
    if lesson is not None and lesson.room:
        found["here"] = PRESENT
    if lesson is not None and lesson.asks:
        found["question"] = SHOW if lesson.shows else ASK
    if lesson is not None and lesson.box:
        found["box"] = STORY if lesson.stories else NAMELESS
    if here.facts.around.materials(mine.booking_id):
        found["materials"] = READ
    if here.facts.lessons.learning(mine.booking_id):
        found["learning"] = LEARNING
    return found


def box_of(here: Here) -> dict[str, Json]:
    """The seed of the box that belongs to the meeting of a booking."""
    found = here.facts.around.lesson(int(here["which"]))
    return {"box": str(found.box)} if found is not None and found.box else {}


def led_by(here: Here, mine: Mine | None) -> Text | None:
    """Who leads the meeting of a booking, where that is known."""
    lesson = here.facts.around.lesson(mine.booking_id) if mine is not None else None
    return _("🧑‍🏫 With: {leader}").of(leader=lesson.leader) if lesson is not None and lesson.leader else None


def _about(here: Here) -> Text:
    lesson = _lesson(here)
    if lesson is None:
        return _past(here)
    return lines(
        _("📌 {title}").of(title=lesson.title),
        _("🗓 {when}").of(when=lesson.when),
        _("🧑‍🏫 With: {leader}").of(leader=lesson.leader) if lesson.leader else None,
        _("For: {child}").of(child=lesson.child) if lesson.child else None,
    )


def _past(here: Here) -> Text:
    """The card of what is over."""
    row = next((one for one in here.facts.around.past() if one.booking_id == _booking(here)), None)
    if row is None:
        return _("This booking is not there any more.")
    return lines(
        _("📌 {title}").of(title=row.title),
        _("For: {child}").of(child=row.child) if row.child else None,
        *exam_results(here, row.booking_id),
    )


def exam_results(here: Here, booking_id: int) -> tuple[Text, ...]:
    """The results that somebody was told."""
    return tuple(told(row) for row in here.facts.lessons.results(booking_id))


def _learning(here: Here) -> Text:
    """How it goes, lesson by lesson, and how long it is kept."""
    rows = here.facts.lessons.learning(_booking(here))
    child = here.facts.lessons.child_of(_booking(here))
    if not rows:
        return _("Nothing is written here.")
    return lines(
        _("For: {child}").of(child=child) if child else None,
        *(_("🌱 {when}: {words}").of(when=row.when, words=verbatim(row.text)) for row in rows[:6]),
        _("The team reads it too, nobody else. Half a year after the lesson it is deleted."),
    )


def _ways(here: Here) -> Mapping[str, Text]:
    lesson = _lesson(here)
    ways: dict[str, Text] = {}
    if lesson is not None and lesson.room:
        ways["here"] = PRESENT
    if lesson is not None and lesson.asks:
        ways["question"] = SHOW if lesson.shows else ASK
    if here.facts.around.materials(_booking(here)):
        ways["materials"] = READ
    if here.facts.lessons.learning(_booking(here)):
        ways["learning"] = LEARNING
    return {**ways, "done": _("All right")}


def _ask(here: Here) -> Text:
    lesson = _lesson(here)
    if lesson is not None and lesson.shows:
        return lines(
            _("🎨 Send a photo of it, or a recording. Only the team of the club sees it."),
            _("No people in the picture, please."),
        )
    return _("What is your question? Write it, or send a photo of the exercise or a voice note.")


def _words(typed: str, _here: Here) -> Json:
    kept = typed.strip()
    if not kept:
        raise NotUnderstood(_("Please write a few words, or send a photo or a voice note."))
    return kept[:QUESTION_MOST]


def _question(here: Here) -> AskForLesson:
    sent, lesson = here["ask"] or {}, _lesson(here)
    session = lesson.session_id if lesson is not None else 0
    return AskForLesson(_booking(here), session, str(sent.get("text") or ""), str(sent.get("attachment") or ""))


def _items(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.around.materials(_booking(here))
    return Page(tuple(_item(row) for row in rows[offset : offset + size]), len(rows))


def _item(row: MaterialRow) -> Item:
    return Item(str(row.id), about_material(row), verbatim(row.name[:36]))


def about_material(row: MaterialRow) -> Text:
    """A material in a few lines."""
    icon = {"file": _("📎 {name}"), "link": _("🔗 {name}")}.get(row.kind, _("📝 {name}"))
    return lines(icon.of(name=row.name), PARTS[row.part], _("🗓 {when}").of(when=row.when) if row.when else None)


def _handed(here: Here) -> Say:
    got = here["get"]
    match got["outcome"]:
        case "file":
            return Say(verbatim(str(got["name"])), relay=int(got["relay"]))
        case "link":
            return Say(verbatim(str(got["name"])), (Button(_("🔗 Open it"), url=str(got["words"])),))
        case _:
            return Say(lines(verbatim(str(got["name"])), verbatim(str(got["words"]))))


def _code(typed: str, _here: Here) -> Json:
    kept = typed.strip()
    if not any(char.isalnum() for char in kept) or len(kept) > 40:
        raise NotUnderstood(_("The code has eight letters and digits, like on the board."))
    return kept


def _present(here: Here) -> SayHere:
    lesson = _lesson(here)
    return SayHere(_booking(here), lesson.session_id if lesson is not None else 0, str(here["code"]))


lesson = Conversation(
    name="lesson",
    title=_("About a meeting"),
    steps=(
        Choose(
            name="act",
            question=_about,
            choices=_ways,
            goto={"question": "ask", "materials": "which", "here": "code", "learning": "learning"},
            otherwise="end",
        ),
        Tell(name="learning", text=_learning, otherwise="end"),
        Attach(
            name="ask",
            question=_ask,
            kinds=("photo", "voice", "file"),
            check=_words,
        ),
        Do(
            name="send",
            does=AskForLesson,
            deed=_question,
            goto={"kept": "kept", "many": "many", "late": "late", "lost": "lost", "nothing": "lost"},
        ),
        End(name="kept", text=_("✅ It will be there at the meeting. Two weeks later it is deleted.")),
        End(name="many", text=_("There are five already. Keep the rest for the meeting: there will be time.")),
        End(name="late", text=_("It is too late for that here. Write “person”, and somebody answers.")),
        Tell(name="lost", text=_("That did not arrive in one piece. Please send it once more."), otherwise="ask"),
        Browse(name="which", question=_("What would you like to see?"), items=_items, empty="nothing"),
        Do(
            name="get",
            does=GetMaterial,
            deed=lambda here: GetMaterial(_booking(here), int(here["which"])),
            goto={"gone": "nothing"},
            otherwise="hand",
        ),
        Tell(name="hand", text=_handed, otherwise="end"),
        End(name="nothing", text=_("There is nothing to read here right now.")),
        Write(name="code", question=_("Which code is on the board?"), check=_code),
        Do(
            name="present",
            does=SayHere,
            deed=_present,
            goto={
                "here": "marked",
                "already": "marked",
                "absent": "absent",
                "early": "early",
                "over": "over",
                "no_place": "no_place",
                "wrong": "wrong",
                "blocked": "blocked",
            },
        ),
        End(name="marked", text=_("✅ Good that you are here!")),
        End(name="absent", text=_("The team has marked this otherwise. Please tell them that you are here.")),
        End(name="early", text=_("It has not begun yet. The code works from 15 minutes before.")),
        End(name="over", text=_("The meeting is over. Please tell the team that you were there.")),
        End(name="no_place", text=_("There is no place booked for this. Please tell the team in the room.")),
        Tell(name="wrong", text=_("That is another code. Please look at the board again."), otherwise="code"),
        End(name="blocked", text=_("Too many tries. Please tell the team that you are here: they mark it.")),
        End(name="end", text=_("All right.")),
    ),
)
