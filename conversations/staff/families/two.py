"""Making two of one who were joined by mistake, where one of the two cannot answer: for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from conversations.deeds.chats import WHY_ONE, LookAtPair, TakeApart
from conversations.people.bringing import things
from conversations.script import Conversation
from conversations.speech import Moment, Text, _, lines
from conversations.steps import Confirm, Do, End, Here

_WHY: Mapping[str, Text] = {
    "ask": _(
        "One of the two says it first, in their own chat: settings, “Another phone or app”, “We are two people”."
        " Then look here again."
    ),
    "waits": _("The other chat was asked and can still answer. If it is silent for 3 days, you can decide it here."),
    "no": _("The other chat said no. Now only the two can change that, by talking with each other."),
    "late": _(
        "They became one more than 30 days ago. What was whose is kept no longer, so they cannot be taken apart."
        " A chat can leave under settings and begin anew."
    ),
    "gone": _("One of the two has no chat here any more, so there is nobody to get something back."),
}
"""Why they stay one, by the outcome."""


def _preview(here: Here) -> Text:
    looked = here["looked"]
    back = things(looked["brings"])
    silent = (
        _("The other one ({chat}) was asked and is silent.")
        if looked["reached"]
        else _("The other one ({chat}) cannot be reached.")
    )
    return lines(
        _("Since {day} two chats are one person here. One of them ({chat}) says: we are two people.").of(
            day=Moment(datetime.fromisoformat(looked["at"]), looked["zone"], "date"), chat=looked["asks"]
        ),
        silent.of(chat=looked["other"]),
        _goes_back(keeps=looked["keeps"]).of(things=back) if back else None,
        _("What is new since then stays with whoever asks.")
        if looked["keeps"]
        else _("What is new since then stays with the other one."),
        _("Both are told where they can be reached. Make them two people again?"),
    )


def _goes_back(*, keeps: bool) -> Text:
    return _("The other one gets back: {things}.") if keeps else _("Whoever asks gets back: {things}.")


def _done(here: Here) -> Text:
    if here["taken"]["told"] > 1:
        return _("✅ They are two people again. Both were told.")
    return _("✅ They are two people again. One was told, the other cannot be reached.")


two = Conversation(
    name="two",
    title=_("Two people, not one"),
    role="admin",
    alone=True,
    steps=(
        Do(
            name="looked",
            does=LookAtPair,
            deed=lambda here: LookAtPair(here["request"]),
            goto={"ready": "sure", "none": "none", "refused": "refused", **{why: why for why in WHY_ONE}},
        ),
        Confirm(name="sure", question=_preview, yes=_("Yes, two people"), no=_("No"), goto={"no": "later"}),
        Do(
            name="taken",
            does=TakeApart,
            deed=lambda here: TakeApart(here["request"], int(here["looked"]["joining"])),
            goto={"apart": "end", "none": "none", "refused": "refused", **{why: why for why in WHY_ONE}},
        ),
        End(name="end", text=_done),
        End(name="later", text=_("All right, nothing has changed.")),
        End(name="none", text=_("These are two people already.")),
        End(name="refused", text=_("Only administrators of the organisation that answers here can do this.")),
        *(End(name=why, text=_WHY[why]) for why in WHY_ONE),
    ),
)
