"""Helpers of families: staff make somebody a helper, keep the families' paper forms, and end it."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.acting import EndHelper, InviteHelper, RecordMandate
from conversations.facts.people import Helper
from conversations.people.families import MONTHS, months_of
from conversations.people.words import clean_name
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines, n_, verbatim
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Page, Tell, Write

FORM_MOST = 40


def _items(here: Here, offset: int, size: int) -> Page:
    known = here.facts.people.helpers()
    items = tuple(Item(str(one.person_id), _about(one), verbatim(one.called)) for one in known[offset : offset + size])
    return Page(items, len(known))


def _about(one: Helper) -> Text:
    return lines(
        _("🤝 {helper}").of(helper=one.called),
        n_("Acts for {n} family.", "Acts for {n} families.").of(n=one.families)
        if one.families
        else _("Acts for nobody yet."),
    )


def _helper(here: Here) -> Helper | None:
    known = here.facts.people.helpers()
    return next((one for one in known if str(one.person_id) == str(here.get("helper"))), None)


def _card(here: Here) -> Text:
    one = _helper(here)
    return _about(one) if one else _("That is not possible any more.")


def _ways(here: Here) -> Mapping[str, Text]:
    if _helper(here) is None:
        return {"back": _("All right")}
    return {"form": _("📄 Record a family's form"), "end": _("❌ End the role"), "back": _("All right")}


def clean_form(words: str, _here: Here) -> str:
    """The number of a paper form as it stands on it. Raises NotUnderstood for nothing or far too much."""
    number = " ".join(words.split())
    if not any(letter.isdigit() for letter in number) or len(number) > FORM_MOST:
        raise NotUnderstood(_("The number stands on the form, for example 17/2026."))
    return number


helpers = Conversation(
    name="helpers",
    title=_("Helpers of families"),
    role="staff",
    alone=True,
    steps=(
        Browse(
            name="helper",
            question=_("Mediators, teachers and clerks who book for families:"),
            items=_items,
            empty="none",
            choices={"invite": _("➕ A new helper")},
            goto={"invite": "made"},
        ),
        Choose(
            name="what",
            question=_card,
            choices=_ways,
            goto={"form": "called", "end": "sure", "back": "end"},
            otherwise="end",
        ),
        Write(
            name="called",
            question=_("What is the adult called who signed? A first name or a nickname is enough."),
            check=clean_name,
        ),
        Write(name="form", question=_("What is the number of the form?"), check=clean_form),
        Choose(name="months", question=_("For how long is it signed?"), choices=MONTHS),
        Do(
            name="recorded",
            does=RecordMandate,
            deed=lambda here: RecordMandate(
                int(here["helper"]), here["called"], here["form"], months_of(here["months"])
            ),
            goto={"recorded": "saved", "refused": "refused", "taken": "taken"},
        ),
        Confirm(
            name="sure",
            question=_("End this role? At once nothing can be seen or booked by it; the families are told."),
            goto={"no": "end"},
        ),
        Do(
            name="ended",
            does=EndHelper,
            deed=lambda here: EndHelper(int(here["helper"])),
            goto={"ended": "over", "refused": "refused"},
        ),
        End(name="over", text=_("✅ The role has ended.")),
        Do(
            name="made",
            does=InviteHelper,
            deed=lambda here: InviteHelper(),
            goto={"made": "code", "refused": "refused"},
        ),
        Tell(
            name="code",
            text=lambda here: lines(
                _("Give this to the helper only. It works once."),
                verbatim(f"/start {here['made']['code']}"),
            ),
            otherwise="end",
        ),
        End(name="saved", text=_("✅ The form is recorded. The helper can book now.")),
        End(name="taken", text=_("A family with this form number is here already.")),
        End(name="refused", text=_("That is not possible any more.")),
        End(name="end", text=_("All right.")),
        Choose(
            name="none",
            question=_("There is no helper yet: a mediator, teacher or clerk who books for families that want it."),
            choices={"invite": _("➕ A new helper"), "no": _("All right")},
            goto={"invite": "made", "no": "end"},
        ),
    ),
)
