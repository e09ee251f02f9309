"""Staff: who leads a meeting, a substitute when the tutor is ill, and the roster of those who lead."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff_around import AddLeader, EndLeader, InviteLeader, SetLeader
from conversations.facts.around import LeaderRow
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, verbatim
from conversations.staff import fields, usual
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Open, Page, Tell, Write

NAME = fields.words(2, 80)


def _number(here: Here, step: str) -> int:
    chosen = str(here.get(step) or "")
    return int(chosen) if chosen.isascii() and chosen.isdigit() else 0


def _question(here: Here) -> Text:
    now = here.facts.around.leader_of(_number(here, "session")) if _number(here, "session") else ""
    if now:
        return lines(
            _("Now: {leader}. Who leads it?").of(leader=now),
            _("If {leader} is ill, choose who comes instead: people are told kindly.").of(leader=now),
        )
    if _number(here, "listing"):
        return _("Who leads all meetings to come?")
    return _("Who leads this meeting?")


def _choices(here: Here) -> Mapping[str, Text]:
    rows = here.facts.around.leaders(_number(here, "listing"), _number(here, "session"))
    return {**{str(row.id): verbatim(row.called) for row in rows}, "new": _("➕ Somebody new"), "0": _("Nobody")}


def _set(here: Here) -> SetLeader:
    added = (here.get("add") or {}).get("leader") if here.get("leader") == "new" else None
    leader = int(added) if added else _number(here, "leader")
    return SetLeader(leader, _number(here, "session"), _number(here, "listing"))


def _organisation(here: Here) -> int | None:
    chosen = str(here.get("organisation") or "")
    if chosen.isdigit():
        return int(chosen)
    own = here.facts.staff.organisations()
    return own[0].id if own else None


def _done(here: Here) -> Text:
    told = int(here["set"].get("told") or 0)
    if told:
        return n_("✅ Done. {n} person is told who comes.", "✅ Done. {n} people are told who comes.").of(n=told)
    return _("✅ Done.")


who_leads = Conversation(
    name="who_leads",
    title=_("Who leads it"),
    role="staff",
    steps=(
        Choose(
            name="leader", question=_question, choices=_choices, page=12, goto={"new": "organisation"}, otherwise="set"
        ),
        usual.organisation(),
        Write(name="called", question=_("What is their name, as people should read it?"), check=NAME),
        Do(
            name="add",
            does=AddLeader,
            deed=lambda here: AddLeader(_organisation(here), str(here["called"])),
            goto={"added": "set", "refused": "refused"},
        ),
        Do(
            name="set",
            does=SetLeader,
            deed=_set,
            goto={"set": "done", "same": "done", "late": "late", "refused": "refused"},
        ),
        End(name="done", text=_done),
        End(name="late", text=_("That cannot be changed any more.")),
        End(name="refused", text=usual.REFUSED),
    ),
)


# ---------------------------------------------------------------- the roster


def _items(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.around.leaders()
    return Page(tuple(_item(row) for row in rows[offset : offset + size]), len(rows))


def _item(row: LeaderRow) -> Item:
    return Item(str(row.id), _about(row), verbatim(row.called[:36]))


def _about(row: LeaderRow) -> Text:
    return lines(
        _("🧑‍🏫 {name}").of(name=row.called),
        n_("{n} meeting to come", "{n} meetings to come").of(n=row.sessions) if row.sessions else None,
        _("Sees their own meetings here.") if row.here else _("Does not use the chat."),
    )


def _row(here: Here) -> LeaderRow | None:
    return next((row for row in here.facts.around.leaders() if str(row.id) == str(here.get("leader"))), None)


def _card(here: Here) -> Text:
    row = _row(here)
    return _about(row) if row is not None else usual.NOT_YOURS


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    invite = {"invite": _("💬 Invite to the chat")} if row is not None and not row.here else {}
    end = {"end": _("❌ Take off the list")} if row is not None else {}
    return {**invite, **end, "done": _("All right")}


leaders = Conversation(
    name="leaders",
    title=_("Who leads meetings"),
    command="leaders",
    about=_("tutors and trainers, substitutes"),
    role="staff",
    alone=True,
    steps=(
        Browse(
            name="leader",
            question=_("Tutors, trainers and others who lead meetings:"),
            items=_items,
            empty="organisation",
            choices={"new": _("➕ Somebody new")},
            goto={"new": "organisation"},
            otherwise="act",
        ),
        usual.organisation(),
        Write(name="called", question=_("What is their name, as people should read it?"), check=NAME),
        Do(
            name="add",
            does=AddLeader,
            deed=lambda here: AddLeader(_organisation(here), str(here["called"])),
            goto={"added": "added", "refused": "refused"},
        ),
        Tell(name="added", text=_("✅ Done."), otherwise=Open("leaders", instead=True)),
        Choose(name="act", question=_card, choices=_ways, goto={"invite": "invite", "end": "sure"}, otherwise="close"),
        Do(
            name="invite",
            does=InviteLeader,
            deed=lambda here: InviteLeader(_number(here, "leader")),
            goto={"made": "made", "refused": "refused"},
        ),
        End(
            name="made",
            text=lambda here: lines(
                _("Give this to them only. It works once, for a week. They see their own meetings, nothing else."),
                verbatim(f"/start {here['invite']['code']}"),
            ),
        ),
        Confirm(
            name="sure", question=_("Take them off? Their meetings stay, with nobody to lead."), goto={"no": "close"}
        ),
        Do(
            name="end",
            does=EndLeader,
            deed=lambda here: EndLeader(_number(here, "leader")),
            goto={"ended": "ended", "refused": "refused"},
        ),
        End(
            name="ended",
            text=lambda here: n_("✅ Done. {n} meeting has nobody now.", "✅ Done. {n} meetings have nobody now.").of(
                n=int(here["end"]["left"])
            ),
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="close", text=_("All right.")),
    ),
)
