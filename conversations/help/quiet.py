"""Being safe with this very chat: the safe word and its quiet card, whether to be written to here, what is shown late.

Nothing in these first lines tells anybody who looks over a shoulder what it is about (people.md part 9: UNICEF's
"Safer Chatbots" asks for a safe word that works everywhere).
"""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.safety import ChooseSafeWord, WriteHere
from conversations.script import Conversation
from conversations.speech import Button, NotUnderstood, Say, Text, _, lines, verbatim
from conversations.steps import Choose, Do, End, Here, Json, Open, Write

LEAST, MOST = 4, 40
"""Letters of a safe word: one that is shorter would be typed by chance."""

QUIET = Say(
    _("All right. Your list is here whenever you like."),
    (
        Button(_("Open the list"), "w.safety"),
        Button(_("Write to us"), "w.person"),
        Button(_("Hide"), "w.hide"),
    ),
)
"""The answer to the safe word. The list is that of the numbers to call."""

ASK_HERE = _("Is it safe to write to you here?")
HERE = (
    Button(_("Yes, here"), "w.here_yes"),
    Button(_("No, not here"), "w.here_no"),
    Button(_("Delete this chat"), "w.delete_chat"),
)


def _talk(name: str, title: Text, answer: str, end: Text, nobody: Text | None = None) -> Conversation:
    return Conversation(
        name=name,
        title=title,
        word=name,
        open_to_all=True,
        steps=(
            Do(name="noted", does=WriteHere, deed=lambda _here: WriteHere(answer), otherwise="end"),
            End(
                name="end",
                text=lambda here: nobody if nobody is not None and here["noted"]["outcome"] == "nobody" else end,
            ),
        ),
    )


here_yes = _talk(
    "here_yes",
    _("Writing here is safe"),
    "yes",
    _("Good. The answer comes here."),
    _("Good. No answer is on its way right now. You can write to us here at any time."),
)
here_no = _talk(
    "here_no",
    _("Writing here is not safe"),
    "no",
    _("Thank you. Nobody writes to you here. You can call, or write to us when it is safe."),
)
delete_chat = _talk(
    "delete_chat",
    _("Deleting this chat"),
    "delete",
    _("Deleted here with us. On your phone: keep a finger on this chat, then “Delete”. Nobody writes to you here."),
)


def _news(here: Here) -> Text:
    news = here.facts.safety.news()
    if not news:
        return _("There is nothing new any more.")
    return lines(
        _("A person from our team wrote:"), *(verbatim(words) for words in news), _("You can write back here.")
    )


quiet_news = Conversation(
    name="quiet_news",
    title=_("Something new"),
    open_to_all=True,
    steps=(
        Choose(
            name="shown",
            question=_news,
            choices={"back": _("Write back"), "done": _("Done"), "delete": _("Delete this chat")},
            goto={"back": Open("talk", instead=True), "delete": Open("delete_chat", instead=True), "done": "end"},
        ),
        End(name="end", text=_("All right.")),
    ),
)


# ---------------------------------------------------------------- choosing a word


def _word(words: str, _here: Here) -> Json:
    words = " ".join(words.split())
    if not LEAST <= len(words) <= MOST or not any(c.isalpha() for c in words):
        raise NotUnderstood(_("Please take a word of at least four letters that you never write otherwise."))
    return words


def _what(here: Here) -> Text:
    word, tells = here.facts.safety.own_word()
    own = _("Yours is “{word}”.").of(word=word) if word else _("Everybody's is “red umbrella”.")
    told = _("Our safety team is told.") if tells else _("Nobody else hears of it.")
    return lines(_("A secret word: write it anywhere, and we calmly show where to get help."), own, told)


def _ways(here: Here) -> Mapping[str, Text]:
    word, tells = here.facts.safety.own_word()
    ways = {"word": _("Choose my own word")}
    if word:
        ways["none"] = _("Forget my word")
    ways["tells"] = _("Do not tell the safety team") if tells else _("Quietly tell the safety team")
    return {**ways, "done": _("Done")}


def _chosen(here: Here) -> ChooseSafeWord:
    match here["what"]:
        case "word":
            return ChooseSafeWord(word=here["word"])
        case "none":
            return ChooseSafeWord(word="")
        case _:
            return ChooseSafeWord(tells=not here.facts.safety.own_word()[1])


safeword = Conversation(
    name="safeword",
    title=_("Secret word"),
    open_to_all=True,
    steps=(
        Choose(
            name="what",
            question=_what,
            choices=_ways,
            goto={"word": "word", "none": "keep", "tells": "keep", "done": "end"},
        ),
        Write(name="word", question=_("Which word? Take one that you never write otherwise."), check=_word),
        Do(name="keep", does=ChooseSafeWord, deed=_chosen, goto={"done": "what"}),
        End(name="end", text=_("All right.")),
    ),
)

CONVERSATIONS: tuple[Conversation, ...] = (here_yes, here_no, delete_chat, quiet_news, safeword)
