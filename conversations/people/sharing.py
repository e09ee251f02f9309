"""People on this phone: grandparents, grown children and others who have a say of their own but no phone."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.acting import AddSharer, LeavePhone
from conversations.facts.people import Sharer
from conversations.people.mydata import card_of
from conversations.people.own_phone import OWN_PHONE, of_sharer
from conversations.people.words import ATTEND, BANDS, band_of, clean_name, typed_band
from conversations.script import Conversation
from conversations.speech import Say, Text, _, lines, verbatim
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Open, Page, Tell, Write


def _items(here: Here, offset: int, size: int) -> Page:
    known = here.facts.people.sharers()
    items = tuple(Item(str(one.person_id), _about(one), verbatim(one.called)) for one in known[offset : offset + size])
    return Page(items, len(known))


def _about(one: Sharer) -> Text:
    may = _("Booking is open.") if one.may_book else _("Booking is not open.")
    return lines(verbatim(one.called), may)


def _sharer(here: Here) -> Sharer | None:
    known = here.facts.people.sharers()
    return next((one for one in known if str(one.person_id) == str(here.get("who"))), None)


def _card(here: Here) -> Text:
    one = _sharer(here)
    return card_of(one.held) if one else _("Nobody of that name is on this phone.")


def _ways(here: Here) -> Mapping[str, Text]:
    if _sharer(here) is None:
        return {"back": _("All right")}
    return {
        "file": _("📄 All of it as a file"),
        "phone": OWN_PHONE,
        "away": _("👋 No longer on this phone"),
        "back": _("All right"),
    }


def _file(here: Here) -> Say:
    one = _sharer(here)
    if one is None:
        return Say(_("Nobody of that name is on this phone."))
    return Say(_("Here it is, in full."), document=here.facts.people.data_file(one.person_id))


sharing = Conversation(
    name="sharing",
    title=_("People on this phone"),
    steps=(
        Browse(
            name="who",
            question=_("These people use this phone too. What comes for them comes here, with their name."),
            items=_items,
            empty="none",
            choices={"add": _("➕ Somebody else")},
            goto={"add": Open("add_sharer")},
        ),
        Choose(
            name="what",
            question=_card,
            choices=_ways,
            goto={
                "file": "sure_file",
                "phone": Open("own_phone", of_sharer),
                "away": "sure",
                "back": "end",
            },
            otherwise="end",
        ),
        Confirm(
            name="sure_file",
            question=_("The file comes into this chat. Whoever holds this phone can open it. Send it?"),
            goto={"yes": "file", "no": "end"},
        ),
        Tell(name="file", text=_file, otherwise="end"),
        Confirm(
            name="sure",
            question=_("Take this person off the phone? What is known of them is deleted, and bookings are cancelled."),
            goto={"no": "end"},
        ),
        Do(
            name="left",
            does=LeavePhone,
            deed=lambda here: LeavePhone(int(here["who"])),
            goto={"left": "gone", "not_here": "end"},
        ),
        End(name="gone", text=_("Done, the person is off this phone.")),
        End(name="end", text=_("All right.")),
        Choose(
            name="none",
            question=_("Does somebody else use this phone, a grandmother for example? Each can book for themselves."),
            choices={"add": _("➕ Somebody else"), "no": _("All right")},
            goto={"add": Open("add_sharer", instead=True), "no": "end"},
        ),
    ),
)

add_sharer = Conversation(
    name="add_sharer",
    title=_("Somebody else on this phone"),
    steps=(
        Write(
            name="called",
            question=_("What is this person called? A first name or a nickname is enough."),
            check=clean_name,
        ),
        Choose(
            name="band",
            question=lambda here: _("How old is {name}?").of(name=here["called"]),
            choices=BANDS,
            typed=typed_band,
        ),
        Confirm(
            name="agreed",
            question=lambda here: lines(
                _("Please give the phone to {name} now:").of(name=here["called"]),
                ATTEND,
            ),
            goto={"no": "later"},
        ),
        Do(
            name="added",
            does=AddSharer,
            deed=lambda here: AddSharer(here["called"], band_of(here["band"])),
            goto={"added": "end", "guardian": "guardian", "too_many": "many"},
        ),
        End(
            name="end",
            text=lambda here: _("{name} is added. When booking, I ask for whom it is.").of(name=here["called"]),
        ),
        End(name="guardian", text=_("At that age a parent or guardian adds the child: “Settings”, “My children”.")),
        End(name="many", text=_("That is a lot of people for one phone. Our team helps: write “person”.")),
        End(name="later", text=_("All right, nothing has changed.")),
    ),
)
