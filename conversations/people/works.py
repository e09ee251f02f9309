"""Where somebody works: the institution for which they take part in what is for professionals."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import ChooseInstitution
from conversations.script import Conversation
from conversations.speech import Text, _, lines, said
from conversations.steps import Choose, Do, End, Here


def _question(here: Here) -> Text:
    known = here.facts.conditions.institution()
    return lines(
        _("Now: {institution}").of(institution=known) if known else None,
        _("Where do you work? It is used only for meetings of professionals."),
    )


def _choices(here: Here) -> Mapping[str, Text]:
    known = {str(one.id): said(one.name) for one in here.facts.conditions.institutions()}
    return {**known, "0": _("Nowhere, forget it")}


works = Conversation(
    name="works",
    title=_("Where I work"),
    steps=(
        Choose(name="institution", question=_question, choices=_choices, page=12),
        Do(
            name="set",
            does=ChooseInstitution,
            deed=lambda here: ChooseInstitution(int(here["institution"])),
            goto={"set": "done", "gone": "gone"},
        ),
        End(name="done", text=_("Done, it is saved.")),
        End(name="gone", text=_("It is not in the list any more.")),
    ),
)
