"""Help and rights: short answers by topic, each with its source and date; places, news, numbers; a person to ask."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.campaigns import CountReach
from conversations.deeds.help import CountAnswer
from conversations.facts.help import Answer
from conversations.help.numbers import COUNTRIES
from conversations.offers.find import look_for, sought
from conversations.script import Conversation
from conversations.speech import Say, Text, _, lines, said, verbatim
from conversations.steps import Browse, Choose, Do, End, Here, Item, Json, Open, Page, Tell

TOPICS: dict[str, Text] = {
    "papers": _("📄 Papers"),
    "school": _("🏫 School"),
    "health": _("🩺 Health"),
    "social": _("🤝 Social help"),
    "work": _("💼 Work"),
    "services": _("🏠 Places and hours"),
    "materials": _("📚 To read"),
    "safety": _("🛟 Safety"),
}
_WORDS = "words:"
"""How an answer begins that was written; no key of a choice can."""


USED = 5
"""How many ways are on the first page, which no call for help may have to leave; the others are behind "More"."""


def _ways(here: Here) -> Mapping[str, Text]:
    known = here.facts.campaigns
    ways = {"answers": _("📖 Answers by topic")} if here.facts.help.topics() else {}
    if known.places():
        ways["places"] = _("🕗 Opening hours, where it is")
    if here.facts.asking.boxes():
        ways["boxes"] = _("📮 Ask or tell without a name")
    ways |= {
        "numbers": _("📞 Useful numbers"),
        "callme": _("☎️ Please call me"),
        "talk": _("💬 Ask a person from our team"),
    }
    if known.events():
        ways["events"] = _("📺 On TV, and events")
    return {**ways, "report": _("🧹 Report a place to clean")}


def _typed(here: Here, words: str) -> Json | Open:
    """Answers with these words, else what is on offer with them; a number beyond the buttons is neither."""
    if not sought(words):
        return None
    if here.facts.help.look_up(words):
        return _WORDS + words
    return Open("find", lambda _here: {"words": words}) if here.facts.help.sought(words) else None


def _beside(here: Here) -> Mapping[str, Text]:
    """Beside answers on words that were written: what is on offer with them."""
    return {"offers": _("🔎 What is on about it")} if str(here.get("where") or "").startswith(_WORDS) else {}


def _words(here: Here) -> dict[str, Json]:
    return {"words": str(here["where"]).removeprefix(_WORDS)}


def _topics(here: Here) -> Mapping[str, Text]:
    there = here.facts.help.topics()
    found = {topic: name for topic, name in TOPICS.items() if topic in there}
    found |= {topic: verbatim(topic) for topic in there if topic not in TOPICS}
    return found or {"none": _("Nothing yet")}


def _cards(here: Here) -> tuple[Answer, ...]:
    where = str(here.get("where") or "")
    if where.startswith(_WORDS):
        return here.facts.help.look_up(where.removeprefix(_WORDS))
    return here.facts.help.answers(str(here.get("topic") or ""))


def _page(here: Here, offset: int, size: int) -> Page:
    cards = _cards(here)
    several = len({card.country for card in cards}) > 1
    items = tuple(
        Item(str(card.card_id), _where(card) if several else said(card.question), said(card.question))
        for card in cards[offset : offset + size]
    )
    return Page(items, len(cards))


def _where(card: Answer) -> Text:
    country = COUNTRIES.get(card.country)
    return lines(said(card.question), country)


def _card(here: Here) -> Answer | None:
    return here.facts.help.answer(str(here["card"]))


def _answer(here: Here) -> Text:
    card = _card(here)
    if card is None:
        return _("This answer is being checked and is not shown now. A person from our team can tell you.")
    return lines(
        said(card.question),
        said(card.answer),
        _("— {organisation}").of(organisation=card.organisation) if card.organisation else None,
        _("Source: {source}, {date}").of(source=card.source, date=card.dated),
        _("Did this help?"),
    )


def _after(here: Here) -> Mapping[str, Text]:
    card = _card(here)
    talk = {"talk": _("💬 Ask a person about this")}
    if card is None:
        return talk
    ways = {"yes": _("👍 Yes"), "no": _("👎 No")}
    if card.voice is not None:
        ways["voice"] = _("🔊 Listen")
    if here.facts.campaigns.link(card.code):
        ways["share"] = _("🔗 Share")
    return {**ways, **talk}


def _aloud(here: Here) -> Say:
    card = _card(here)
    if card is None or card.voice is None:
        return Say(_("There is no recording of this any more."))
    return Say(said(card.question), relay=card.voice)


def _shared(here: Here) -> Text:
    card = _card(here)
    link = here.facts.campaigns.link(card.code) if card else ""
    return lines(_("Anybody can read it here, without signing up:"), verbatim(link))


def ask_about(here: Here) -> dict[str, Json]:
    """The seed of a talk with the team that carries along what it is about."""
    return {"about": f"answer:{here['card']}"}


def _reached(here: Here, what: str) -> CountReach:
    return CountReach("answer", int(here["card"]), what)


answers = Conversation(
    name="help",
    title=_("Help and rights"),
    word="help",
    command="help",
    about=_("help, rights, numbers"),
    open_to_all=True,
    steps=(
        Choose(
            name="where",
            question=_("What is it about? Write it, or tap. If it cannot wait, tap “Useful numbers”."),
            choices=_ways,
            typed=_typed,
            page=USED,
            goto={
                "answers": "topic",
                "places": Open("place"),
                "events": Open("events"),
                "boxes": Open("box"),
                "report": Open("report_place"),
                "numbers": Open("safety"),
                "callme": Open("callme"),
                "talk": Open("talk"),
            },
            otherwise="card",
        ),
        Choose(name="topic", question=_("Which of these is it?"), choices=_topics, page=8),
        Browse(
            name="card",
            question=_("Tap a question."),
            items=_page,
            choices=_beside,
            goto={"offers": Open("find", _words)},
            typed=look_for,
            empty="none",
        ),
        Do(name="seen", does=CountReach, deed=lambda here: _reached(here, "chat"), otherwise="helped"),
        Choose(
            name="helped",
            question=_answer,
            choices=_after,
            goto={"voice": "heard", "share": "shared", "talk": "asked"},
            otherwise="count",
        ),
        Do(name="heard", does=CountReach, deed=lambda here: _reached(here, "voice"), otherwise="aloud"),
        Tell(name="aloud", text=_aloud, otherwise="helped"),
        Tell(name="shared", text=_shared, otherwise="helped"),
        Do(name="asked", does=CountReach, deed=lambda here: _reached(here, "asked"), otherwise=Open("talk", ask_about)),
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
            choices={"more": _("More questions"), "talk": _("💬 Ask a person about this"), "done": _("Done")},
            goto={"more": Open("help", instead=True), "talk": "asked", "done": "end"},
        ),
        End(name="none", text=_("There is no answer on this yet. A person from our team can tell you.")),
        End(name="end", text=_("Take care. You can write here whenever you like.")),
    ),
)
