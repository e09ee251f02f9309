"""A guardian's children: see what was agreed to, change it, take it back; and a child without a phone."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import AddChild, AgreeForChild, LeaveChild, SetChildReminders, Withdraw
from conversations.facts.people import Child
from conversations.people import introducing
from conversations.people.guardian import purposes_question, summary
from conversations.people.own_phone import OWN_PHONE, of_child
from conversations.people.words import (
    BANDS,
    MEANINGS,
    PURPOSES,
    RELATIONS,
    band_name,
    clean_name,
    guardian_card,
    typed_child_band,
)
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, verbatim
from conversations.steps import Browse, Choose, ChooseMany, Confirm, Do, End, Here, Item, Open, Page, Write


def _name(child: Child) -> Text:
    return verbatim(child.called) if child.called else _("Child ({band})").of(band=band_name(child.band))


def _child(here: Here) -> Child | None:
    """The child being talked about, if it is (still) one of theirs."""
    wanted = here.get("child")
    return next((child for child in here.facts.people.children() if str(child.person_id) == str(wanted)), None)


def _items(here: Here, offset: int, size: int) -> Page:
    children = here.facts.people.children()
    items = tuple(Item(str(child.person_id), _about(child), _name(child)) for child in children[offset : offset + size])
    return Page(items, len(children))


def _about(child: Child) -> Text:
    reminders = _("⏰ Reminders come here.") if child.reminders else None
    if child.decides:
        may = _("Decides about bookings alone.")
    else:
        may = _("Booking is open.") if child.may_book else _("Booking is not open.")
    return lines(_name(child), _("Age group: {band}").of(band=band_name(child.band)), may, reminders)


def _card(here: Here) -> Text:
    child = _child(here)
    if child is None:
        return _("This child is no longer linked here.")
    given = (_("Yes to: {purpose} ({day})").of(purpose=PURPOSES[c.purpose], day=c.on) for c in child.consents)
    return lines(_about(child), *given)


def _open_purposes(child: Child) -> tuple[str, ...]:
    """What a guardian has not said yes to and still may."""
    given = {c.purpose for c in child.consents}
    theirs = ("attend", "messages", "reminders") if child.decides else ()
    return tuple(purpose for purpose in PURPOSES if purpose not in given and purpose not in theirs)


def _actions(here: Here) -> Mapping[str, Text]:
    child = _child(here)
    if child is None:
        return {"back": _("All right")}
    choices: dict[str, Text] = {}
    if _open_purposes(child):
        choices["agree"] = _("👍 Say yes to more")
    if not child.own_chat:
        choices["phone"] = OWN_PHONE
    if child.consents:
        choices["withdraw"] = _("↩️ Take back a yes")
    if child.reminders:
        choices["remind"] = _("🔕 No reminders to me")
    elif not child.decides:
        choices["remind"] = _("⏰ Reminders to me")
    choices["leave"] = _("👋 End this link")
    return choices


def _not_given(here: Here) -> Mapping[str, Text]:
    child = _child(here)
    return {**{key: PURPOSES[key] for key in (_open_purposes(child) if child else PURPOSES)}, "none": _("No change")}


def _given(here: Here) -> Mapping[str, Text]:
    child = _child(here)
    given = {c.purpose: PURPOSES[c.purpose] for c in child.consents} if child else {}
    return {**given, "all": _("Everything")} if len(given) > 1 else {**given, "none": _("No change")}


def _taken_back(here: Here) -> Text:
    cancelled = here["withdrawn"].get("cancelled", 0)
    if cancelled:
        return n_(
            "Done. {n} booking is cancelled with it.",
            "Done. {n} bookings are cancelled with it.",
        ).of(n=cancelled)
    return _("Done, it is taken back.")


def _wants_reminders(here: Here) -> bool:
    child = _child(here)
    return child is not None and not child.reminders


def _leaving(here: Here) -> Text:
    child = _child(here)
    if child is not None and not child.own_chat:
        return _("End the link? What is known of this child is deleted, and its bookings are cancelled.")
    return _("End the link? Every yes given for this child ends, and its bookings may be cancelled.")


children = Conversation(
    name="children",
    title=_("My children"),
    word="children",
    open_to_all=True,
    steps=(
        Browse(
            name="child",
            question=_("My children:"),
            items=_items,
            empty="none",
            choices={"add": _("➕ Add a child")},
            goto={"add": Open("add_child")},
        ),
        Choose(
            name="what",
            question=_card,
            choices=_actions,
            goto={
                "agree": "agree",
                "withdraw": "withdraw",
                "remind": "switched",
                "phone": Open("own_phone", of_child),
                "leave": "sure",
                "back": "end",
            },
            otherwise="end",
        ),
        Choose(
            name="agree",
            question=lambda here: lines(
                _("What else is all right?"), *(MEANINGS[p] for p in _not_given(here) if p in MEANINGS)
            ),
            choices=_not_given,
            page=7,
            goto={"none": "end"},
            otherwise="agreed",
        ),
        Do(
            name="agreed",
            does=AgreeForChild,
            deed=lambda here: AgreeForChild(int(here["child"]), here["agree"]),
            goto={"agreed": "saved", "not_yours": "gone"},
        ),
        Choose(
            name="withdraw",
            question=_("What is no longer all right? Without “taking part”, bookings to come are cancelled."),
            choices=_given,
            page=7,
            goto={"none": "end"},
            otherwise="withdrawn",
        ),
        Do(
            name="withdrawn",
            does=Withdraw,
            deed=lambda here: Withdraw(here["withdraw"], int(here["child"])),
            goto={"withdrawn": "back", "nothing": "end"},
        ),
        Do(
            name="switched",
            does=SetChildReminders,
            deed=lambda here: SetChildReminders(int(here["child"]), _wants_reminders(here)),
            goto={"set": "saved", "not_yours": "gone"},
        ),
        Confirm(name="sure", question=_leaving, goto={"yes": "left", "no": "end"}),
        Do(
            name="left",
            does=LeaveChild,
            deed=lambda here: LeaveChild(int(here["child"])),
            goto={"left": "ended", "not_yours": "gone"},
        ),
        End(name="back", text=_taken_back),
        End(name="saved", text=_("Done, it is saved.")),
        End(name="ended", text=_("Done, the link has ended.")),
        End(name="gone", text=_("This child is no longer linked here.")),
        End(name="end", text=_("All right, nothing has changed.")),
        Choose(
            name="none",
            question=_("No child is linked here yet. A child with a phone sends a message; one without is added here."),
            choices={"add": _("➕ Add a child"), "no": _("All right")},
            goto={"add": Open("add_child", instead=True), "no": "end"},
        ),
    ),
)

add_child = Conversation(
    name="add_child",
    title=_("Adding a child"),
    steps=(
        *introducing.age(_("Only an adult can add a child. How old are you?"), then="called", name="adult"),
        Write(
            name="called",
            question=_("What is the child called? A first name or a nickname is enough."),
            check=clean_name,
        ),
        Choose(
            name="band",
            question=_("How old is the child?"),
            choices={key: label for key, label in BANDS.items() if key != "adult"},
            typed=typed_child_band,
        ),
        Choose(
            name="card",
            question=lambda here: guardian_card(here.facts.people.keepers()),
            choices={"go": _("Go on"), "no": _("Not now")},
            goto={"go": "relation", "no": "later"},
        ),
        Choose(name="relation", question=_("Who is saying yes?"), choices=RELATIONS),
        ChooseMany(name="purposes", question=purposes_question, choices=PURPOSES),
        Confirm(name="sure", question=summary, goto={"no": "purposes"}, no=_("Change it")),
        Do(
            name="added",
            does=AddChild,
            deed=lambda here: AddChild(here["called"], here["band"], here["relation"], tuple(here["purposes"])),
            goto={"added": "end", "minor": "minor", "too_many": "many"},
        ),
        End(name="end", text=lambda here: _("{name} is added.").of(name=here["called"])),
        End(name="later", text=_("All right, nothing has changed.")),
        End(name="minor", text=_("Only an adult can add a child.")),
        End(name="many", text=_("That is a lot of children. Our team helps with more: write “person”.")),
    ),
)
