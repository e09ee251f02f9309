"""The menu of staff, what somebody must look at, and inviting a colleague."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import InviteStaff
from conversations.deeds.staff import HearOfRegistrations, SettleNote
from conversations.facts.staff import NoteRow, NotTold, Shortage
from conversations.script import Conversation
from conversations.speech import Moment, Text, _, lines, n_, verbatim
from conversations.staff import notices, usual
from conversations.standing import StandingAction
from conversations.steps import Browse, Choose, Do, End, Here, Item, Open, Page, Tell

_NOTES: Mapping[str, Text] = {
    "quarantined": _("⚠️ A message to us could not be handled. The person was told so."),
    "unsure": _("❓ It is not known whether this message arrived."),
    "refused": _("🚫 A message was not taken by the platform."),
    "stopped": _("🔌 A channel has stopped. Whoever runs the bot should look."),
    "reminder": _("⏰ A reminder could not be sent."),
    "budget": _("💶 This month's money for messages is used up."),
    "unpaid": _("💶 A platform wants money that is not there. What costs is not sent, answers still are."),
}
"""What a note says, by its kind."""
_OTHER = _("ℹ️ Something to look at.")
_MESSAGES: Mapping[str, Text] = {
    "reply": _("an answer of the bot"),
    "confirmation": _("a confirmation"),
    "reminder": _("a reminder"),
    "offer": _("a place that became free"),
    "broadcast": _("a message to many"),
    "safety": _("a safety message"),
    "invitation": _("a question to the person"),
}
"""What kind of message a note is about: it begins with one of these."""


def _choices(here: Here) -> Mapping[str, Text]:
    """What somebody must look at comes first; the rest keeps its order."""
    roles = here.facts.me.roles
    waiting = len(here.facts.staff.notes())
    choices: dict[str, Text] = {}
    if "safeguarding" in roles:
        choices["cases"] = _("🛟 Safety cases")
    if "safeguarding" in roles or "admin" in roles:
        choices["duty"] = _("🧭 Who takes safety cases")
    if waiting:
        choices["notes"] = n_("🔔 {n} note", "🔔 {n} notes").of(n=waiting)
    choices |= {
        "new": _("➕ Publish something new"),
        "listings": _("📋 What we have published"),
        "today": _("📅 Today"),
        "broadcast": _("📣 A message to many"),
        "inbox": _("📥 Who waits for an answer"),
        "interested": _("🙋 Who registered for our calls"),
        "calendar": _("🗓 Calendars of appointments"),
        "hotlines": _("☎️ Emergency numbers"),
        "poster": _("🖨 A poster of a town"),
        "public": _("📰 Answers, news, places"),
        "asking": _("🗳 Surveys, votes, boxes"),
    }
    if here.facts.around.missing():
        choices["missing"] = _("🌱 Who is missing")
    choices["leaders"] = _("🧑‍🏫 Who leads meetings")
    asking = len(here.facts.conditions.asking())
    if asking:
        choices["who_may"] = n_("🔎 {n} person waits for a decision", "🔎 {n} people wait for a decision").of(n=asking)
    choices["breaks"] = _("🎒 School breaks")
    choices["paper"] = _("📄 A paper form")
    choices["prints"] = _("🖨 Papers to print")
    choices["helpers"] = _("🤝 Helpers of families")
    choices["hear"] = notices.NO_NOTICES if here.facts.staff.hears_of_registrations() else notices.SUCH_NOTICES
    if "admin" in roles:
        choices["invite"] = _("🤝 Invite a colleague")
    choices["log"] = _("📓 What was done")
    return choices


desk = Conversation(
    name="desk",
    title=_("For staff"),
    command="desk",
    about=_("everything for staff"),
    role="staff",
    steps=(
        Choose(
            name="where",
            question=_("What would you like to do?"),
            choices=_choices,
            goto={
                "new": Open("new"),
                "listings": Open("listings"),
                "today": Open("today"),
                "calendar": Open("calendar"),
                "broadcast": Open("broadcast"),
                "inbox": Open("inbox"),
                "interested": Open("interested"),
                "cases": Open("cases"),
                "duty": Open("duty"),
                "hotlines": Open("hotlines"),
                "notes": Open("notes"),
                "poster": Open("poster"),
                "public": Open("public"),
                "asking": Open("asking"),
                "invite": Open("invite"),
                "hear": "hear",
                "who_may": Open("who_may"),
                "breaks": Open("breaks"),
                "paper": Open("paper"),
                "missing": Open("missing"),
                "leaders": Open("leaders"),
                "log": Open("log"),
                "prints": Open("prints"),
                "helpers": Open("helpers"),
            },
            otherwise="end",
        ),
        Do(
            name="hear",
            does=HearOfRegistrations,
            deed=lambda here: HearOfRegistrations(not here.facts.staff.hears_of_registrations()),
            goto={"on": "on", "off": "off", "refused": "end"},
        ),
        Tell(name="on", text=notices.NOTICES_NOW, otherwise="where"),
        Tell(name="off", text=notices.NO_NOTICES_NOW, otherwise="where"),
        End(name="end", text=_("All right.")),
    ),
)


hear_no_more = StandingAction(
    name="no_registrations",
    does=HearOfRegistrations,
    deed=lambda _about: HearOfRegistrations(False),
    says={"on": notices.NOTICES_NOW, "off": notices.NO_NOTICES_NOW, "refused": notices.NO_NOTICES_NOW},
)


# ---------------------------------------------------------------- notes


def _items(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.staff.notes()
    return Page(
        tuple(Item(row.key, _told(row), _("Look")) for row in rows[offset : offset + size]),
        len(rows),
    )


def _told(row: NoteRow) -> Text:
    if row.shortage is not None:
        return _short(row.shortage, row.at)
    return note_text(row.kind, row.about, row.at)


def note_text(kind: str, about: str, when: Moment) -> Text:
    """What staff read of a note: what happened, when, and what it is about."""
    message = _MESSAGES.get(about.partition(":")[0]) if kind in ("unsure", "refused") else None
    what = message or verbatim(about)
    return lines(_NOTES.get(kind, _OTHER), _("{when} · {about}").of(when=when, about=what))


def _short(shortage: Shortage, when: Moment) -> Text:
    unsent = n_("{n} message was not sent.", "{n} messages were not sent.").of(n=shortage.unsent)
    return lines(
        _("💶 The money for paid messages on {channel} is used up ({budget} EUR a month).").of(
            channel=shortage.channel, budget=shortage.budget
        ),
        _("{when} · {about}").of(when=when, about=unsent),
    )


def _missing(here: Here) -> Text | None:
    """Who was not reminded or told for want of money, so that somebody can call them."""
    late, untold = here.facts.staff.not_reached(), here.facts.staff.not_told()
    if not late and not untold:
        return None
    each = _("{name} ({number}): {title}, {when}")
    named = (each.of(name=one.called or "-", number=one.number, title=one.title, when=one.at) for one in late)
    return lines(
        _("Not reminded:") if late else None,
        *named,
        _("Waiting for news that was not sent:") if untold else None,
        *(_untold(one) for one in untold),
        _("Please reach them in another way."),
    )


def _untold(one: NotTold) -> Text:
    if not one.number:
        return _("{name}: {title}").of(name=one.called or "-", title=one.title)
    return _("{name} ({number}): {title}").of(name=one.called or "-", number=one.number, title=one.title)


def _one(here: Here) -> Text:
    row = here.facts.staff.note(here["note"])
    if row is None:
        return _("A colleague has looked at this already.")
    return lines(_told(row), _missing(here)) if row.kind in ("budget", "unpaid") else _told(row)


def _answers(here: Here) -> Mapping[str, Text]:
    row = here.facts.staff.note(here["note"])
    if row is not None and row.kind == "unsure" and "admin" in here.facts.me.roles:
        return {"resend": _("Send it again"), "ask": _("Ask whether it came"), "seen": _("Leave it")}
    return {"seen": _("I have seen it")}


notes = Conversation(
    name="notes",
    title=_("Notes"),
    role="staff",
    steps=(
        Browse(name="note", question=_("What somebody should look at:"), items=_items, empty="none"),
        Choose(name="answer", question=_one, choices=_answers),
        Do(
            name="settle",
            does=SettleNote,
            deed=lambda here: SettleNote(here["note"], here["answer"]),
            goto={"done": "settled", "gone": "gone", "refused": "refused"},
        ),
        Tell(name="settled", text=_("✅ Done."), otherwise=Open("notes", instead=True)),
        Tell(name="gone", text=_("That is not possible any more."), otherwise=Open("notes", instead=True)),
        End(name="refused", text=_("Only administrators of the organisation can do this.")),
        End(name="none", text=_("There is nothing to look at.")),
    ),
)


# ---------------------------------------------------------------- colleagues

invite = Conversation(
    name="invite",
    title=_("Invite a colleague"),
    role="admin",
    steps=(
        usual.organisation(),
        Choose(
            name="role",
            question=_("What should they be able to do?"),
            choices={
                "staff": _("Publish, book, write to people"),
                "safeguarding": _("See safety cases"),
                "admin": _("Everything, also invite others"),
            },
        ),
        Do(
            name="make",
            does=InviteStaff,
            deed=lambda here: InviteStaff(
                here["role"], int(here["organisation"]) if here.get("organisation") else None
            ),
            goto={"made": "made", "refused": "refused"},
        ),
        End(
            name="made",
            text=lambda here: lines(
                _("Give this to your colleague only. It works once."),
                verbatim(f"/start {here['make']['code']}"),
            ),
        ),
        End(name="refused", text=_("Only administrators of the organisation can do this.")),
    ),
)
