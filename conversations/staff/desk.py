"""The menu of staff, what somebody must look at, and inviting a colleague."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import InviteStaff
from conversations.deeds.staff import SettleNote
from conversations.facts.staff import NoteRow
from conversations.script import Browse, Choose, Conversation, Do, End, Here, Item, Open, Page, Tell
from conversations.speech import Text, _, lines, n_, verbatim
from conversations.staff import fields

_NOTES: Mapping[str, Text] = {
    "quarantined": _("⚠️ A message to us could not be handled. The person was told so."),
    "unsure": _("❓ It is not known whether this message arrived."),
    "refused": _("🚫 A message was not taken by the platform."),
    "stopped": _("🔌 A channel has stopped. Whoever runs the bot should look."),
    "reminder": _("⏰ A reminder could not be sent."),
}
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
    if waiting:
        choices["notes"] = n_("🔔 {n} note", "🔔 {n} notes").of(n=waiting)
    choices |= {
        "new": _("➕ Publish something new"),
        "listings": _("📋 What we have published"),
        "today": _("📅 Today"),
        "broadcast": _("📣 A message to many"),
        "inbox": _("📥 Who waits for an answer"),
        "interested": _("🙋 Who registered for our calls"),
        "hotlines": _("☎️ Emergency numbers"),
    }
    if "admin" in roles:
        choices["invite"] = _("🤝 Invite a colleague")
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
                "broadcast": Open("broadcast"),
                "inbox": Open("inbox"),
                "interested": Open("interested"),
                "cases": Open("cases"),
                "hotlines": Open("hotlines"),
                "notes": Open("notes"),
                "invite": Open("invite"),
            },
            otherwise="end",
        ),
        End(name="end", text=_("All right.")),
    ),
)


# ---------------------------------------------------------------- notes


def _items(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.staff.notes()
    return Page(
        tuple(Item(row.key, _told(row), _("Look")) for row in rows[offset : offset + size]),
        len(rows),
    )


def _told(row: NoteRow) -> Text:
    kind = _MESSAGES.get(row.about.partition(":")[0]) if row.kind in ("unsure", "refused") else None
    about = kind or verbatim(row.about)
    return lines(_NOTES.get(row.kind, _OTHER), _("{when} · {about}").of(when=row.at, about=about))


def _one(here: Here) -> Text:
    row = here.facts.staff.note(here["note"])
    return _told(row) if row else _("A colleague has looked at this already.")


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
        Choose(
            name="organisation",
            question=_("For which organisation?"),
            choices=fields.organisations,
            when=fields.several_organisations,
        ),
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
