"""Staff and boxes: open one, read what is in it, accept, put away, answer before all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.asking import HearEntry, MakeBox, Moderate, SwitchBox
from conversations.facts.asking import BoxRow, EntryRow
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, said
from conversations.staff import fields, usual
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Json, Open, Page, Tell, Write

SHORT = 160
KINDS: Mapping[str, Text] = {"question": _("❓ Questions"), "story": _("📖 Stories")}


def _row(here: Here) -> BoxRow | None:
    return next((row for row in here.facts.asking.box_rows() if row.id == int(here.get("box") or 0)), None)


def _items(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.asking.box_rows()
    items = tuple(Item(str(row.id), _line(row), _("Open")) for row in rows[offset : offset + size])
    return Page(items, len(rows))


def _line(row: BoxRow) -> Text:
    return lines(
        _("📮 {title}").of(title=row.title),
        n_("{n} new", "{n} new").of(n=row.new) if row.new else None,
        None if row.open else _("🔒 closed"),
    )


def _about(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return _("This box is not there any more.")
    return lines(_line(row), usual.share(row.code))


_STATES: Mapping[str, Text] = {
    "new": _("🆕 What is new"),
    "accepted": _("✅ Accepted"),
    "hidden": _("🙈 What was put away"),
}


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"list": _("All boxes")}
    known = here.facts.asking
    ways = {state: label for state, label in _STATES.items() if known.entries(row.id, state)}
    switch = {"shut": _("🔒 Close the box")} if row.open else {"reopen": _("🟢 Open it again")}
    return {**ways, **switch, "list": _("All boxes")}


def _entry(here: Here) -> EntryRow | None:
    return here.facts.asking.entry(int(here["box"]), str(here.get("entry") or ""))


def _told(row: EntryRow) -> Text:
    return lines(
        _("“{words}”").of(words=row.words) if row.words else None,
        _("🎤 a voice note") if row.voice else None,
        _("From: {name}").of(name=row.name or _("somebody who wants to be known, without a name here"))
        if row.named
        else _("Without a name"),
        _("👁 Others may read it.") if row.publish else _("🔒 Only for the team."),
        _("💬 {answer}").of(answer=row.answer) if row.answer else None,
    )


def _entries(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.asking.entries(int(here["box"]), str(here["act"]))
    return Page(tuple(Item(row.key, _told(row), _("Look")) for row in rows[offset : offset + size]), len(rows))


def _shown(here: Here) -> Text:
    row = _entry(here)
    return _told(row) if row else _("It was taken back.")


def _acts(here: Here) -> Mapping[str, Text]:
    row = _entry(here)
    if row is None:
        return {"back": _("All right")}
    acts: dict[str, Text] = {"listen": _("🎤 Listen")} if row.voice else {}
    acts["accept"] = _("✅ Accept: show it") if row.publish else _("✅ Accept, for the team")
    return {**acts, "answer": _("💬 Answer before all"), "hide": _("🙈 Put away"), "back": _("Back to the box")}


def _answer(here: Here) -> dict[str, str]:
    return {fields.language_of(here): here["words"]} if here.get("words") and here.get("how") == "answer" else {}


def _ask_answer(here: Here) -> Text:
    row = _entry(here)
    hint = _("The question itself stays hidden: put into the answer what people need to know of it.")
    return lines(_("What is the answer? Everybody can read it in the box."), None if row and row.publish else hint)


def _box_draft(here: Here) -> dict[str, Any]:
    listing, organisation = here.get("listing"), here.get("organisation")
    return {
        "listing": int(listing) if listing else None,
        "organisation": int(organisation) if organisation else None,
        "kind": here.get("kind"),
        "title": fields.by_language(here, "title"),
        "intro": fields.by_language(here, "intro"),
    }


def _same(here: Here) -> dict[str, Json]:
    return {"box": here["box"]}


_AGAIN = Open("boxes", _same, instead=True)

boxes = Conversation(
    name="boxes",
    title=_("Boxes"),
    command="boxes",
    about=_("questions and stories of people"),
    role="staff",
    alone=True,
    steps=(
        Browse(
            name="box",
            question=_("Boxes of your organisation:"),
            items=_items,
            choices={"fresh": _("➕ A new box")},
            goto={"fresh": Open("new_box")},
            empty="none",
        ),
        Choose(
            name="act",
            question=_about,
            choices=_ways,
            goto={
                "new": "entry",
                "accepted": "entry",
                "hidden": "entry",
                "shut": "shut",
                "reopen": "reopen",
                "list": Open("boxes", instead=True),
            },
        ),
        Browse(
            name="entry",
            question=_("In no order: nobody can tell who came first."),
            items=_entries,
            empty="act",
        ),
        Choose(
            name="how",
            question=_shown,
            choices=_acts,
            goto={"listen": "hear", "answer": "words", "back": _AGAIN},
            otherwise="moderate",
        ),
        Do(
            name="hear",
            does=HearEntry,
            deed=lambda here: HearEntry(int(here["box"]), here["entry"]),
            goto={"coming": "how", "gone": "gone", "refused": "refused"},
        ),
        Write(name="words", question=_ask_answer, check=fields.words(2, 600)),
        Do(
            name="moderate",
            does=Moderate,
            deed=lambda here: Moderate(int(here["box"]), here["entry"], here["how"], _answer(here)),
            goto={"done": "done", "gone": "gone", "refused": "refused"},
        ),
        Tell(name="done", text=_("✅ Done."), otherwise=_AGAIN),
        Tell(name="gone", text=_("It was taken back."), otherwise=_AGAIN),
        Do(
            name="shut",
            does=SwitchBox,
            deed=lambda here: SwitchBox(int(here["box"]), False),
            goto={"done": "done", "refused": "refused"},
        ),
        Do(
            name="reopen",
            does=SwitchBox,
            deed=lambda here: SwitchBox(int(here["box"]), True),
            goto={"done": "done", "refused": "refused"},
        ),
        Confirm(
            name="none",
            question=_("There is no box yet. Open one?"),
            goto={"yes": Open("new_box", instead=True), "no": "end"},
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)


def _listings(here: Here) -> Mapping[str, Text]:
    rows, _total = here.facts.staff.listings(0, 30)
    return {str(row.id): said(row.title) for row in rows if row.state == "open"}


new_box = Conversation(
    name="new_box",
    title=_("A new box"),
    role="staff",
    steps=(
        usual.organisation(),
        Choose(
            name="kind",
            question=_("What do people put in?"),
            choices=KINDS,
        ),
        Write(name="title", question=_("What is it called? A few plain words."), check=fields.words(3, 60)),
        Write(
            name="intro",
            question=_("What should people know before they write? One or two sentences."),
            check=fields.words(3, 300),
            skip=_("Nothing"),
        ),
        Choose(
            name="listing",
            question=_("Does it belong to something you have published?"),
            choices=_listings,
            skip=_("No"),
            when=lambda here: bool(_listings(here)),
        ),
        Confirm(
            name="sure",
            question=lambda here: lines(
                _("📮 {title}").of(title=here["title"]),
                _("{intro}").of(intro=here["intro"]) if here.get("intro") else None,
                _("People can write without a name. Nothing is shown to others without their yes. Open it?"),
            ),
            goto={"no": "dropped"},
        ),
        Do(
            name="make",
            does=MakeBox,
            deed=lambda here: MakeBox(_box_draft(here)),
            goto={"opened": "opened", "incomplete": "dropped", "refused": "refused"},
        ),
        End(
            name="opened",
            text=lambda here: lines(
                _("📮 The box is open. People find it under “Help and rights”."),
                usual.share(here["make"]["code"]),
            ),
        ),
        End(name="dropped", text=_("All right, nothing was opened.")),
        End(name="refused", text=usual.REFUSED),
    ),
)
