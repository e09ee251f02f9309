"""A few small conversations, for tests of what carries them: a menu, words, cards, a file."""

from __future__ import annotations

from conversations.script import Conversation
from conversations.speech import Button, Document, Say, Venue, Words, _, verbatim
from conversations.steps import Attach, Browse, Choose, End, Here, Item, Open, Page, Tell, Write

FRUIT = ("Apple", "Pear", "Plum", "Quince", "Cherry", "Grape")


def _fruit(_here: Here, offset: int, count: int) -> Page:
    some = FRUIT[offset : offset + count]
    return Page(tuple(Item(name.lower(), verbatim(f"{name} from Bor"), verbatim(name)) for name in some), len(FRUIT))


def _everything(_here: Here) -> Say:
    return Say(
        _("Here is where and when. See https://example.org/a?b=1&c=<2>."),
        (Button(_("Open the page"), url="https://example.org/page"),),
        venue=Venue(Words.of({"en": "Day centre <b>"}), Words.of({"en": "Bor"}), 44.074, 22.096),
        document=Document("visit.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
    )


menu = Conversation(
    name="menu",
    title=_("Menu"),
    command="menu",
    open_to_all=True,
    steps=(
        Choose(
            name="where",
            question=_("What now?"),
            choices={
                "echo": _("Say it back"),
                "fruit": _("Look at fruit"),
                "all": _("Everything at once"),
                "send": _("Send a file"),
            },
            goto={"echo": Open("echo"), "fruit": Open("fruit"), "all": "all", "send": Open("send")},
        ),
        Tell(name="all", text=_everything, otherwise="end"),
        End(name="end"),
    ),
)

echo = Conversation(
    name="echo",
    title=_("Say it back"),
    open_to_all=True,
    steps=(
        Write(name="words", question=_("Which words?"), check=lambda text, _here: text),
        End(name="end", text=lambda here: _("You said: {words}").of(words=str(here["words"]))),
    ),
)

fruit = Conversation(
    name="fruit",
    title=_("Fruit"),
    open_to_all=True,
    steps=(
        Browse(name="pick", question=_("Which fruit?"), items=_fruit, empty="none", page=3),
        End(name="end", text=lambda here: _("{fruit} it is.").of(fruit=str(here["pick"]))),
        End(name="none", text=_("No fruit today.")),
    ),
)

send = Conversation(
    name="send",
    title=_("Send a file"),
    open_to_all=True,
    steps=(
        Attach(name="file", question=_("Send a photo or a file."), kinds=("photo", "file", "voice")),
        End(name="end", text=_("It is here.")),
    ),
)

SMALL_TALK = (menu, echo, fruit, send)
