"""Announcing what is on television, on the internet or in a hall; moving, cancelling, and what shows that it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.campaigns import AddEvidence, Announce, CancelEvent, MoveEvent
from conversations.facts.campaigns import EventRow
from conversations.help.events import told
from conversations.people.topics import TOPICS
from conversations.script import Conversation
from conversations.speech import Moment, NotUnderstood, Say, Text, Words, _, lines, n_, said, verbatim
from conversations.staff import fields, usual
from conversations.steps import (
    Attach,
    Browse,
    Choose,
    Confirm,
    Do,
    End,
    Here,
    Item,
    Json,
    Open,
    Page,
    Step,
    Tell,
    Write,
)

TITLE = fields.words(3, 80)
KINDS = ("tv", "news", "workshops", "town", "jobs", "grants")
_TOWN = _("In which town? Its local time counts.")


def moved(title: Words, at: Moment, place: Words) -> Say:
    """Told to whoever asked to be reminded."""
    return Say(
        lines(
            _("🔁 At another time: {title}").of(title=title),
            _("🗓 {when}").of(when=at),
            _("📍 {place}").of(place=place) if place else None,
            _("I remind you then."),
        )
    )


def cancelled(title: Words, at: Moment) -> Say:
    """Told to whoever asked to be reminded."""
    return Say(lines(_("❌ It does not take place: {title}").of(title=title), _("🗓 {when}").of(when=at)))


def _kinds(_here: Here) -> Mapping[str, Text]:
    return {key: TOPICS[key] for key in KINDS}


def _draft(here: Here) -> dict[str, Any]:
    return {
        "organisation": int(here["organisation"]) if here.get("organisation") else None,
        "topic": here["topic"],
        "title": fields.by_language(here, "title"),
        "place": fields.by_language(here, "place"),
        "town": fields.town_of(here),
        "at": fields.said_at(here, "at"),
    }


def _preview(here: Here) -> Text:
    draft = _draft(here)
    at = here.facts.staff.moment(draft["at"], draft["town"])
    return lines(
        _("👀 This is how people will see it:"),
        told(draft["topic"], Words.of(draft["title"]), Words.of(draft["place"]), at),
    )


def _announced(here: Here) -> Text:
    code = here["announce"]["code"]
    link = here.facts.campaigns.link(code)
    return lines(
        _("✅ It is announced."),
        usual.share(code),
        verbatim(link) if link else None,
    )


def _seed(here: Here) -> dict[str, Json]:
    return {"start": "new", "announcement": here["announce"]["event"], "whom": "topics", "topics": [here["topic"]]}


_CHANGES: Mapping[str, Text] = {"title": _("Title"), "place": _("Channel or place"), "at": _("Date and time")}
"""What can be changed before it is announced, by the step that asks for it."""
_ASKING: tuple[Step, ...] = (
    usual.organisation(),
    Choose(name="topic", question=_("What kind of news is it?"), choices=_kinds),
    Write(name="title", question=_("What is it called? A few plain words that a child understands."), check=TITLE),
    Write(
        name="place",
        question=_("On which channel, or where? For example: TV Bor, 2nd programme"),
        check=fields.words(2, 80),
    ),
    usual.languages(),
    *(
        fields.in_language("title", language, _("The title in this language: {language}"), TITLE, "languages")
        for language in fields.LANGUAGES
    ),
    Choose(name="town", question=_TOWN, choices=fields.towns, typed=fields.typed_town),
    usual.moment("at", _("When does it begin? For example: 26.11. 17:00")),
)

announce = Conversation(
    name="announce",
    title=_("Announce something"),
    command="announce",
    about=_("a programme on TV, an event elsewhere"),
    role="staff",
    steps=(
        *_ASKING,
        Choose(
            name="go",
            question=_preview,
            choices={"announce": _("✅ Announce it"), "change": usual.CHANGE, "drop": _("🗑 Throw away")},
            goto={"announce": "announce", "change": "change", "drop": "dropped"},
        ),
        *usual.changing(_ASKING, _CHANGES, *_CHANGES, back="go"),
        End(name="dropped", text=_("All right, it is gone. Nobody has seen it.")),
        Do(
            name="announce",
            does=Announce,
            deed=lambda here: Announce(_draft(here)),
            goto={"announced": "announced", "past": "past", "refused": "refused"},
        ),
        Tell(name="past", text=_("That is over already. Please write a time to come."), otherwise="new_at"),
        Tell(name="announced", text=_announced),
        Confirm(
            name="tell_people",
            question=_("Would you like to tell those who want such news?"),
            yes=_("📣 Yes, write a message"),
            no=_("Not now"),
            goto={"yes": Open("broadcast", _seed, instead=True), "no": "end"},
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)


# ---------------------------------------------------------------- what was announced


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.campaigns.my_events(offset, size)
    return Page(tuple(Item(str(row.event.event_id), _in_list(row), said(row.event.title)) for row in rows), total)


def _in_list(row: EventRow) -> Text:
    event = row.event
    state = _("❌ Cancelled") if row.state == "cancelled" else _("It was") if row.over else None
    return lines(told(event.topic, event.title, event.place, event.at), state)


def _row(here: Here) -> EventRow | None:
    return here.facts.campaigns.my_event(int(here["event"]))


def _shown(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return usual.NOT_YOURS
    return lines(
        _in_list(row),
        _("⏰ Asked for a reminder: {n}").of(n=row.reminded),
        n_("📎 {n} proof for the report", "📎 {n} proofs for the report").of(n=row.proofs) if row.proofs else None,
        *(verbatim(link) for link in row.links),
    )


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"done": _("All right")}
    open_ = {"move": _("🔁 Move"), "cancel": _("❌ Cancel it")} if row.state == "open" and not row.over else {}
    return {**open_, "proof": _("📎 Add a link or a photo"), "done": _("All right")}


def _proof(words: str, _here: Here) -> Json:
    if not words.strip().startswith(("http://", "https://")):
        raise NotUnderstood(_("Please send a link that begins with https://, or a photo."))
    return words.strip()


def _evidence(here: Here) -> AddEvidence:
    sent = here["proof"] or {}
    attachment = str(sent.get("attachment") or "")
    return AddEvidence(int(here["event"]), "" if attachment else str(sent.get("text") or ""), attachment)


_AGAIN = Open("announced", lambda here: {"event": here["event"]}, instead=True)

announced = Conversation(
    name="announced",
    title=_("What we have announced"),
    command="announced",
    about=_("a programme on TV, an event elsewhere"),
    role="staff",
    steps=(
        Browse(name="event", question=_("Which one?"), items=_items, empty="none"),
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={"move": "at", "cancel": "sure", "proof": "proof", "done": "end"},
            otherwise="end",
        ),
        usual.moment("at", _("When is it instead? Write day and time, for example: 26.11. 17:00")),
        Do(
            name="move",
            does=MoveEvent,
            deed=lambda here: MoveEvent(int(here["event"]), here["at"]),
            goto={"moved": "moved", "past": "past", "refused": "refused"},
        ),
        usual.told(
            "moved",
            n_("✅ It is moved. {n} person is told.", "✅ It is moved. {n} people are told."),
            by="move",
            nobody=_("✅ It is moved."),
            then=_AGAIN,
        ),
        Tell(name="past", text=_("That cannot be changed any more."), otherwise=_AGAIN),
        Confirm(
            name="sure",
            question=_("It does not take place? Whoever asked for a reminder is told."),
            goto={"no": "act"},
        ),
        Do(
            name="cancel",
            does=CancelEvent,
            deed=lambda here: CancelEvent(int(here["event"])),
            goto={"cancelled": "is_cancelled", "over": "past", "refused": "refused"},
        ),
        usual.told(
            "is_cancelled",
            n_("✅ It is cancelled. {n} person is told.", "✅ It is cancelled. {n} people are told."),
            by="cancel",
            nobody=_("✅ It is cancelled."),
            then=_AGAIN,
        ),
        Attach(
            name="proof",
            question=_("Send a link or a photo that shows that it took place. It is kept for the report."),
            kinds=("photo", "file"),
            check=_proof,
        ),
        Do(
            name="add",
            does=AddEvidence,
            deed=_evidence,
            goto={"added": "added", "lost": "lost", "refused": "refused"},
        ),
        Tell(name="added", text=_("✅ It is kept for the report."), otherwise=_AGAIN),
        Tell(name="lost", text=_("That did not arrive in one piece. Please send it once more."), otherwise="proof"),
        End(name="none", text=_("Nothing was announced so far.")),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)

CONVERSATIONS: tuple[Conversation, ...] = (announce, announced)
