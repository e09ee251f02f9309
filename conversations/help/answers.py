"""Help and rights: short answers by topic, each with its source and date; numbers; a person to ask."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.help import CountAnswer
from conversations.facts.help import Answer
from conversations.help.numbers import COUNTRIES
from conversations.script import Browse, Choose, Conversation, Do, End, Here, Item, Open, Page
from conversations.speech import Text, _, lines, said, verbatim

TOPICS: dict[str, Text] = {
    "papers": _("📄 Papers"),
    "school": _("🏫 School"),
    "health": _("🩺 Health"),
    "social": _("🤝 Social help"),
    "work": _("💼 Work"),
    "services": _("🏠 Places and hours"),
    "safety": _("🛟 Safety"),
}


def _topics(here: Here) -> Mapping[str, Text]:
    found = {topic: TOPICS.get(topic, verbatim(topic)) for topic in here.facts.help.topics()}
    return {**found, "numbers": _("📞 Useful numbers"), "talk": _("💬 Ask a person from our team")}


def _page(here: Here, offset: int, size: int) -> Page:
    cards = here.facts.help.answers(here["topic"])
    several = len({card.country for card in cards}) > 1
    items = tuple(
        Item(str(card.card_id), _where(card) if several else said(card.question), said(card.question))
        for card in cards[offset : offset + size]
    )
    return Page(items, len(cards))


def _where(card: Answer) -> Text:
    country = COUNTRIES.get(card.country)
    return lines(said(card.question), country)


def _answer(here: Here) -> Text:
    card = here.facts.help.answer(here["card"])
    if card is None:
        return _("This answer is being checked and is not shown now. A person from our team can tell you.")
    return lines(
        said(card.question),
        said(card.answer),
        _("Source: {source}, {date}").of(source=card.source, date=card.dated),
        _("Did this help?"),
    )


answers = Conversation(
    name="help",
    title=_("Help and rights"),
    word="help",
    command="help",
    about=_("help, rights, numbers"),
    open_to_all=True,
    steps=(
        Choose(
            name="topic",
            question=_("What is it about? If it cannot wait, tap “Useful numbers”."),
            choices=_topics,
            page=8,
            goto={"numbers": Open("safety"), "talk": Open("talk")},
        ),
        Browse(name="card", question=_("Tap a question."), items=_page, empty="none"),
        Choose(
            name="helped",
            question=_answer,
            choices={"yes": _("👍 Yes"), "no": _("👎 No"), "talk": _("Ask a person from our team")},
            goto={"talk": Open("talk")},
        ),
        Do(
            name="count",
            does=CountAnswer,
            deed=lambda here: CountAnswer(here["card"], here["helped"] == "yes"),
            otherwise="thanks",
        ),
        Choose(
            name="thanks",
            question=lambda here: (
                _("Good to know, thank you.")
                if here.get("helped") == "yes"
                else _("Thank you. A person from our team can tell you more.")
            ),
            choices={"more": _("More questions"), "talk": _("Ask a person from our team"), "done": _("Done")},
            goto={"more": "topic", "talk": Open("talk"), "done": "end"},
        ),
        End(name="none", text=_("There is no answer on this yet. A person from our team can tell you.")),
        End(name="end", text=_("Take care. You can write here whenever you like.")),
    ),
)
