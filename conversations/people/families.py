"""The families of a helper: a mediator, teacher or clerk registers and books for those who said yes."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.acting import AddHelpedChild, EndMandate, IssueMandateCode
from conversations.facts.people import Acting
from conversations.people import introducing
from conversations.people.handing_on import pages
from conversations.people.own_phone import OWN_PHONE, of_family
from conversations.people.words import BANDS, clean_name, typed_child_band
from conversations.script import Conversation
from conversations.speech import Joined, Text, _, lines, n_, verbatim
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Open, Page, Tell, Write

MONTHS: Mapping[str, Text] = {
    "m1": _("1 month"),
    "m6": _("6 months"),
    "m12": _("1 year"),
}
"""How long a mandate lasts, by the key of its button."""


def months_of(key: str) -> int:
    """The months that a key of `MONTHS` stands for."""
    return int(key.removeprefix("m"))


# ---------------------------------------------------------------- said to the other side


def family_said_yes(called: str) -> Text:
    """To the helper, when a family has given a mandate."""
    return _("🤝 {name} said yes: you can register and book now, under “My families”.").of(name=called or _("A family"))


def form_recorded(called: str, form: str) -> Text:
    """To the helper, when staff have the paper."""
    return _("🤝 Form {form} is here: you can book for {name} now, under “My families”.").of(form=form, name=called)


def family_ended(called: str) -> Text:
    """To the helper, when a family has ended it."""
    return _("{name} does this without help from now on. Thank you for helping!").of(name=called or _("A family"))


def helper_ended(called: str) -> Text:
    """To the family, when the helper or staff have ended it."""
    return _("{helper} does not act for you any more. What is booked stays.").of(helper=called)


# ---------------------------------------------------------------- the helper's side


def _family(here: Here) -> Acting | None:
    known = here.facts.people.families()
    return next((one for one in known if str(one.mandate_id) == str(here.get("family"))), None)


def names_of(one: Acting) -> Joined:
    """Who a mandate covers, by name."""
    return Joined(tuple(name or _("a child") for _id, name in one.people), "commas")


def _about(one: Acting) -> Text:
    return lines(
        _("👪 {names}").of(names=names_of(one)),
        _("Paper form: {form}").of(form=one.form) if one.form else None,
        n_("Booked by you: {n}", "Booked by you: {n}").of(n=one.booked) if one.booked else None,
        _("Until {day}").of(day=one.until),
    )


def _items(here: Here, offset: int, size: int) -> Page:
    known = here.facts.people.families()
    items = tuple(
        Item(str(one.mandate_id), _about(one), verbatim(one.family) if one.family else _("A family"))
        for one in known[offset : offset + size]
    )
    return Page(items, len(known))


def _card(here: Here) -> Text:
    one = _family(here)
    return _about(one) if one else _("This family does it without help now.")


def _ways(here: Here) -> Mapping[str, Text]:
    one = _family(here)
    if one is None:
        return {"back": _("All right")}
    child = {"child": _("➕ A child of the family"), "phone": OWN_PHONE} if one.form else {}
    return {"book": _("🔎 Find and book"), **child, "end": _("👋 End it"), "back": _("All right")}


families = Conversation(
    name="families",
    title=_("My families"),
    steps=(
        Browse(
            name="family",
            question=_("For these families you can register and book:"),
            items=_items,
            empty="none",
            choices={"new": _("➕ A new family")},
            goto={"new": Open("new_family")},
        ),
        Choose(
            name="what",
            question=_card,
            choices=_ways,
            goto={
                "book": Open("find"),
                "child": "called",
                "phone": Open("own_phone", of_family),
                "end": "sure",
                "back": "end",
            },
            otherwise="end",
        ),
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
        Confirm(
            name="form",
            question=_("Does the signed form name this child, with a yes to taking part?"),
            goto={"no": "end"},
        ),
        Do(
            name="added",
            does=AddHelpedChild,
            deed=lambda here: AddHelpedChild(int(here["family"]), here["called"], here["band"]),
            goto={"added": "child_is_in", "refused": "gone", "too_many": "many"},
        ),
        Confirm(
            name="sure",
            question=_("Stop acting for this family? What is booked stays, and they are told."),
            goto={"no": "end"},
        ),
        Do(
            name="ended",
            does=EndMandate,
            deed=lambda here: EndMandate(int(here["family"])),
            goto={"ended": "over", "gone": "gone"},
        ),
        Tell(name="over", text=_("Done, it has ended."), otherwise=Open("families", instead=True)),
        Tell(
            name="child_is_in",
            text=lambda here: _("{name} is added.").of(name=here["called"]),
            otherwise=Open("families", instead=True),
        ),
        End(name="gone", text=_("That is not possible any more.")),
        End(name="many", text=_("That is a lot of children. Our team helps with more: write “person”.")),
        End(name="end", text=_("All right.")),
        Choose(
            name="none",
            question=_(
                "No family is here yet. With a phone they say yes there; without one the team has a paper form."
            ),
            choices={"new": _("➕ A new family"), "no": _("All right")},
            goto={"new": Open("new_family", instead=True), "no": "end"},
        ),
    ),
)


def _message(here: Here) -> Text:
    code = here["made"]["code"]
    how = _("In their chat with me: /start {code}").of(code=code)
    sent = _("Show or send this to the family. They see who you are and say yes themselves.")
    return lines(sent, how, *pages(here, code))


new_family = Conversation(
    name="new_family",
    title=_("A new family"),
    steps=(
        *introducing.called(_("By which name do families know you? They will see it."), then="made"),
        Do(
            name="made",
            does=IssueMandateCode,
            deed=lambda here: IssueMandateCode(),
            goto={"made": "message", "refused": "refused"},
        ),
        Tell(name="message", text=_message),
        End(
            name="end",
            text=lambda here: n_("It works once, for {n} hour.", "It works once, for {n} hours.").of(
                n=here["made"]["hours"]
            ),
        ),
        End(name="refused", text=_("Only helpers can do this. Our team decides who is one: write “person”.")),
    ),
)
