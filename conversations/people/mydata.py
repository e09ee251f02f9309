"""My data: see it in plain words, have it as a file, correct it, take back a yes, delete everything."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import EndMyPaper, Withdraw
from conversations.facts.people import Given, Held
from conversations.people.words import band_name, purpose_name
from conversations.script import Conversation
from conversations.speech import Joined, Say, Text, _, lines, n_
from conversations.steps import Choose, Confirm, Do, End, Here, Open


def _card(here: Here) -> Text:
    works = here.facts.conditions.institution()
    return lines(
        card_of(here.facts.people.held()),
        _("Works at: {institution}").of(institution=works) if works else None,
    )


def card_of(held: Held) -> Text:
    """Everything held, a line each; what is empty is left out."""
    counted = (
        _("Bookings: {n}").of(n=held.bookings) if held.bookings else None,
        _("Applications: {n}").of(n=held.applications) if held.applications else None,
        _("Questions to our team: {n}").of(n=held.requests) if held.requests else None,
        _("Linked parents or guardians: {n}").of(n=held.guardians) if held.guardians else None,
        _("Chats: {n}").of(n=held.addresses) if held.addresses > 1 else None,
    )
    return lines(
        _("🔒 This is all we keep:"),
        _("Language: {language}").of(language=held.native),
        _("Name: {name}").of(name=held.called) if held.called else None,
        _("Age group: {band}").of(band=band_name(held.band)),
        _("Town: {town}").of(town=held.town) if held.town else None,
        _("Interests: {names}").of(names=Joined(held.interests, "commas")) if held.interests else None,
        _("Children: {names}").of(names=Joined(tuple(c.called or _("a child") for c in held.children), "commas"))
        if held.children
        else None,
        *counted,
        *(_consent(given) for given in held.consents),
        _("Here since {day}").of(day=held.since),
    )


def _consent(given: Given) -> Text:
    said = _("Yes to: {purpose} ({day})") if given.mine else _("A guardian's yes to: {purpose} ({day})")
    return said.of(purpose=purpose_name(given.purpose, mine=given.mine), day=given.on)


def _choices(here: Here) -> Mapping[str, Text]:
    choices = {
        "file": _("📄 All of it as a file"),
        "correct": _("✏️ Correct something"),
        "withdraw": _("↩️ Take back a yes"),
        "erase": _("🗑 Delete everything"),
    }
    people = here.facts.people
    if not any(given.mine for given in people.consents()) and not people.on_paper():
        del choices["withdraw"]
    if here.facts.me.welcomed and not here.facts.me.may_book:
        choices["agree"] = _("👍 Yes to booking")
    if here.facts.me.band == "18+" and here.facts.people.children():
        choices["children"] = _("👪 My children")
    return choices


mydata = Conversation(
    name="mydata",
    title=_("My data"),
    word="mydata",
    command="mydata",
    about=_("see, correct or delete my data"),
    open_to_all=True,
    steps=(
        Choose(
            name="what",
            question=_card,
            choices=_choices,
            goto={
                "file": "sure",
                "correct": Open("correct"),
                "withdraw": Open("withdraw"),
                "erase": Open("erase"),
                "children": Open("children"),
                "agree": Open("ask_guardian"),
            },
        ),
        Confirm(
            name="sure",
            question=_("The file comes into this chat. Whoever holds this phone can open it. Send it?"),
            goto={"no": "kept"},
        ),
        End(
            name="file",
            text=lambda here: Say(_("Here it is, in full."), document=here.facts.people.data_file()),
        ),
        End(name="kept", text=_("All right, it is not sent.")),
    ),
)


def _mine(here: Here) -> Mapping[str, Text]:
    mine = [given for given in here.facts.people.consents() if given.mine]
    named = {given.purpose: purpose_name(given.purpose, mine=True) for given in mine}
    if len(named) > 1:
        named["all"] = _("Everything")
    if here.facts.people.on_paper():
        named["paper"] = _("📄 The paper form")
    if here.facts.people.children():
        named["children"] = _("👪 My children")
    return {**named, "none": _("No change")}


def _may_take_back(here: Here) -> bool:
    people = here.facts.people
    return any(given.mine for given in people.consents()) or people.on_paper() or bool(people.children())


def _taken_back(here: Here) -> Text:
    cancelled = here["withdrawn"].get("cancelled", 0)
    if cancelled:
        return n_(
            "Done. {n} booking is cancelled with it.",
            "Done. {n} bookings are cancelled with it.",
        ).of(n=cancelled)
    return _("Done, it is taken back.")


withdraw = Conversation(
    name="withdraw",
    title=_("Taking back a yes"),
    word="withdraw",
    open_to_all=True,
    steps=(
        Choose(
            name="which",
            question=_("What is no longer all right? Without “taking part”, bookings to come are cancelled."),
            choices=_mine,
            page=7,
            goto={"none": "nothing", "children": Open("children"), "paper": "paper"},
            when=_may_take_back,
        ),
        Do(
            name="withdrawn",
            does=Withdraw,
            deed=lambda here: Withdraw(here["which"]),
            goto={"withdrawn": "done", "nothing": "nothing"},
            when=lambda here: bool(here.get("which")),
        ),
        End(name="empty", text=_("You have not said yes to anything here.")),
        End(name="done", text=_taken_back),
        End(name="nothing", text=_("All right, nothing has changed.")),
        Do(
            name="paper",
            does=EndMyPaper,
            deed=lambda here: EndMyPaper(),
            goto={"ended": "ended", "nothing": "nothing"},
        ),
        End(name="ended", text=_("Done, the paper form no longer counts, and what was booked with it is cancelled.")),
    ),
)
