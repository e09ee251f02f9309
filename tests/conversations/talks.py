"""Small conversations, facts and a way of playing them, for tests of the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from bot.language.tongue import spoken, tongue
from conversations.deeds import Deed
from conversations.engine.engine import Engine, Turn
from conversations.engine.state import State
from conversations.facts import Facts, Me
from conversations.script import Conversation
from conversations.speech import Attachment, Button, Done, Heard, NotUnderstood, Say, Spoken, _, verbatim
from conversations.steps import (
    Attach,
    Browse,
    Choose,
    ChooseMany,
    Confirm,
    Do,
    Each,
    End,
    Here,
    Item,
    Open,
    Page,
    Question,
    Tell,
    Write,
)


@dataclass(frozen=True)
class Enrol(Deed):
    """A deed for tests."""

    outcomes: ClassVar[tuple[str, ...]] = ("in", "full")
    what: str


class CardFacts:
    """Facts whose safety card can be recognised."""

    def safety_card(self, kind: str) -> tuple[Say, ...]:
        return (Say(verbatim(f"card: {kind}"), (Button(verbatim("Numbers"), "w.safety"),)),)

    day = "2026-03-02"

    def today(self) -> str:
        return self.day

    def on_offer(self, words: str) -> bool:
        return "guitar" in words

    sought = on_offer


@dataclass
class KnownFacts:
    """Just enough to talk about."""

    me: Me = field(default_factory=lambda: Me(1, "en", welcomed=True))
    help: CardFacts = field(default_factory=CardFacts)

    def asks(self) -> str:
        return ""


def number(words: str, _here: Here) -> int:
    if not words.isdigit():
        raise NotUnderstood(_("Please write a number."))
    return int(words)


TOWNS = ["Bor", "Niš", "Pirot", "Vranje", "Valjevo", "Kruševac", "Novi Pazar", "Kazanlak"]


def towns(_here: Here, offset: int, limit: int) -> Page:
    found = [Item(f"t{i}", verbatim(f"{name} card"), verbatim(name)) for i, name in enumerate(TOWNS)]
    return Page(tuple(found[offset : offset + limit]), len(found))


home = Conversation(
    name="menu",
    title=_("Menu"),
    command="menu",
    about=_("everything there is"),
    steps=(
        Choose(
            name="where",
            question=_("Where to?"),
            choices={"enrol": verbatim("Sign up"), "form": verbatim("A form"), "towns": verbatim("Towns")},
            goto={"enrol": Open("enrol"), "form": Open("form"), "towns": Open("towns")},
            typed=lambda _here, words: Open("enrol", lambda _h: {"what": words}) if words == "guitar" else None,
        ),
        End(name="end"),
    ),
)
enrol = Conversation(
    name="enrol",
    title=verbatim("Signing up"),
    command="enrol",
    steps=(
        Write(name="what", question=_("What do you want to learn?"), check=lambda words, _here: words),
        Choose(name="grade", question=_("Which grade?"), choices={"two": verbatim("2"), "one": verbatim("1")}),
        Choose(
            name="town",
            question=_("Where do you live?"),
            choices={f"t{i}": verbatim(name) for i, name in enumerate(TOWNS)},
            skip=_("Skip"),
        ),
        Confirm(
            name="sure", question=lambda here: _("{what}, is that right?").of(what=here["what"]), goto={"no": "what"}
        ),
        Do(name="done", does=Enrol, deed=lambda here: Enrol(here["what"]), goto={"in": "welcome", "full": "sorry"}),
        End(name="welcome", text=lambda here: _("You are in, number {n}.").of(n=here["done"]["number"])),
        End(name="sorry", text=_("It is full.")),
    ),
)
form = Conversation(
    name="form",
    title=verbatim("The form"),
    steps=(
        ChooseMany(
            name="likes",
            question=_("What do you like?"),
            choices={"a": verbatim("Art"), "b": verbatim("Ball games"), "c": verbatim("Cooking")},
            least=1,
        ),
        Each(
            name="form",
            over=lambda _here: (
                Question("age", verbatim("How old?"), check=number),
                Question(
                    "pet",
                    verbatim("A pet?"),
                    choices=(("cat", verbatim("Cat")), ("dog", verbatim("Dog"))),
                    optional=True,
                ),
            ),
        ),
        Attach(name="photo", question=_("Send a picture."), kinds=("photo",), skip=_("Skip")),
        Tell(name="thanks", text=_("Thank you.")),
        End(name="end", text=lambda here: verbatim(json.dumps([here["likes"], here["form"], here.get("photo")]))),
    ),
)
browsing = Conversation(
    name="towns",
    title=verbatim("Towns"),
    steps=(
        Browse(
            name="pick", question=_("Pick a town."), items=towns, empty="none", choices={"all": verbatim("All")}, page=3
        ),
        End(name="end", text=lambda here: verbatim(f"picked {here['pick']}")),
        End(name="none", text=_("No towns.")),
    ),
)
welcome = Conversation(
    name="welcome",
    title=_("Welcome"),
    open_to_all=True,
    steps=(
        Choose(name="hello", question=_("Hello! Shall we begin?"), choices={"yes": verbatim("Begin")}),
        End(name="end"),
    ),
)
stop = Conversation(
    name="stop",
    title=_("Stop"),
    word="stop",
    open_to_all=True,
    steps=(Confirm(name="sure", question=_("Stop?"), goto={"no": "end"}), End(name="end", text=_("As you wish."))),
)
talk = Conversation(
    name="talk",
    title=_("A person"),
    word="person",
    open_to_all=True,
    steps=(
        Attach(
            name="sent", question=_("What shall I pass on?"), kinds=("voice", "photo"), check=lambda words, _here: words
        ),
        End(
            name="end",
            text=lambda here: verbatim(f"passed on {here['sent'].get('attachment') or here['sent'].get('text')}"),
        ),
    ),
)
secret = Conversation(
    name="desk", title=_("Desk"), command="desk", role="staff", steps=(End(name="end", text=_("Staff only.")),)
)
ALL = (home, enrol, form, browsing, welcome, stop, talk, secret)


class Player:
    """One person talking; the state is written out and read back before every turn."""

    def __init__(
        self, engine: Engine | None = None, *, tag: str = "en", me: Me | None = None, outcome: str = "in"
    ) -> None:
        self.engine = engine or Engine(ALL)
        self.tag, self.outcome = tag, outcome
        self.known = KnownFacts(me or Me(1, tag, welcomed=True))
        self.stored: Mapping[str, Any] | None = None
        self.shown: list[Spoken] = []
        self.deeds: list[Deed] = []

    @property
    def facts(self) -> Facts:
        return cast(Facts, self.known)

    @property
    def state(self) -> State:
        return State.from_json(json.loads(json.dumps(self.stored)) if self.stored else None)

    def follow(self, turn: Turn) -> list[str]:
        before = len(self.shown)
        while True:
            self.stored = turn.state.to_json()
            self.deeds += turn.deeds
            self.shown += [spoken(say, tongue(self.tag)) for say in turn.says]
            if turn.asks is None:
                return [message.text for message in self.shown[before:]]
            self.deeds.append(turn.asks)
            done = Done(self.outcome, {"number": 4711})
            turn = self.engine.turn(self.state, done, self.facts, tongue(self.tag), warned_of=turn.warned)

    def says(self, words: str, *, idle: bool = False) -> list[str]:
        return self.follow(self.engine.turn(self.state, Heard(text=words), self.facts, tongue(self.tag), idle=idle))

    def sends(self, attachment: Attachment) -> list[str]:
        return self.follow(self.engine.turn(self.state, Heard(attachment=attachment), self.facts, tongue(self.tag)))

    def taps(self, label: str, *, of: Spoken | None = None) -> list[str]:
        return self.follow(
            self.engine.turn(self.state, Heard(tap=self.button(label, of=of)), self.facts, tongue(self.tag))
        )

    def button(self, label: str, *, of: Spoken | None = None) -> str:
        message = of or self.shown[-1]
        every = [button for card in message.cards for button in card.buttons] + list(message.buttons)
        return next(button.tap for button in every if button.label == label)

    def opens(self) -> list[str]:
        return self.follow(self.engine.opened(self.state, self.facts, tongue(self.tag)))

    @property
    def labels(self) -> list[str]:
        message = self.shown[-1]
        return [b.label for card in message.cards for b in card.buttons] + [
            b.label for b in message.buttons if not b.quiet
        ]
