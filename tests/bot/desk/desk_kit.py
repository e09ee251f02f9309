"""The desk without a network: the whole house, a group of staff, and a platform that only remembers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import errands
from bot.desk.look import look
from bot.desk.taking import Desk
from bot.dialogue import Taken
from bot.doing import Doing
from bot.sending import envelope
from conversations.speech import Attachment, Heard, Spoken, SpokenButton
from handlers.channel import Sender
from handlers.desk.arriving import DeskArrival
from models.caring import desk
from models.caring.desk import DeskGroup, DeskTopic
from models.messages.message import Outgoing
from models.offers.programme import Organisation
from models.who.people import Address, Person
from tests.house import House

COMMON, SAFETY = -1001, -1002


@dataclass
class Posted:
    """Something that stands in a group, as it looks now."""

    to: str
    message: Spoken
    shown_id: str
    edits: int = 0

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.message.buttons]


class DeskHouse(House):
    """`says` and `presses` are what members do; `look` brings everything up to date, as the desk's line does."""

    def __init__(self, folder: Path, *, organisation: str = "kokoro", safety: bool = False, url: str = "") -> None:
        super().__init__(folder, url=url)
        self.desk = Desk(self.dialogue)
        self.posted: list[Posted] = []
        self.done: list[str] = []
        """What the platform was asked to do to topics."""
        self.answer = ""
        """What was shown at once, over the button or as a sign, after the last act."""
        self.users: dict[str, str] = {}
        self._threads = count(10)
        self._numbers = count(1)
        with Session(self.database) as session:
            mine = session.scalars(select(Organisation.id).where(Organisation.code == organisation)).one()
            desk.set_up(session, self.now, "common", COMMON, mine, "en")
            if safety:
                desk.set_up(session, self.now, "safety", SAFETY, mine, "en")
            session.commit()

    # ------------------------------------------------------------ members

    def colleague(self, name: str, user: int, *, organisation: str = "kokoro", role: str = "staff") -> None:
        """Somebody with a role, known on the public bot under a number of the platform."""
        self.person(name, "en", organisation=organisation, role=role)
        self.users[name] = str(user)
        person_id = self.person_id(name)
        with Session(self.database) as session:
            session.add(
                Address(
                    person_id=person_id,
                    channel="telegram",
                    external_id=str(user),
                    created_at=self.now,
                    last_heard_at=self.now,
                )
            )
            session.commit()

    def calls_themself(self, name: str) -> None:
        """Somebody has told what they want to be called."""
        person_id = self.person_id(name)
        with Session(self.database) as session:
            session.get_one(Person, person_id).called = name.capitalize()
            session.commit()

    # ------------------------------------------------------------ what they do

    def says(
        self,
        name: str,
        text: str = "",
        *,
        chat: int = COMMON,
        thread: int = 0,
        private: bool = False,
        member: bool = True,
        attachment: Attachment | None = None,
        link: str = "",
        answers: bool = False,
        message_id: str = "",
    ) -> list[Posted]:
        """A member writes in the group, in a topic of it, or to the bot alone. What is posted in consequence."""
        place = "" if private else f"{chat}/{thread}" if thread else str(chat)
        arrival = DeskArrival(
            "desk",
            message_id or f"u{next(self._numbers)}",
            Sender(self.users.get(name, name), "en"),
            self.now,
            event="opened" if link else "heard",
            heard=Heard(text=text, attachment=attachment),
            link=link,
            place=place,
            member=member,
            answers=answers,
        )
        return self._take(arrival)

    def presses(self, name: str, label: str, post: Posted | None = None, *, member: bool = True) -> list[Posted]:
        """A member presses the button with that label: on the newest post that has it, or on the one given."""
        for one in [post] if post else reversed(self.posted):
            for button in one.message.buttons:
                if button.label == label:
                    return self.presses_data(name, button, one, member=member)
        raise AssertionError(f"no button {label!r}; there are {[one.labels for one in self.posted[-3:]]}")

    def presses_data(self, name: str, button: SpokenButton, post: Posted, *, member: bool = True) -> list[Posted]:
        """A member presses that very button."""
        place = post.to.rpartition("@")[2]
        arrival = DeskArrival(
            "desk",
            f"u{next(self._numbers)}",
            Sender(self.users.get(name, name), "en"),
            self.now,
            heard=Heard(tap=button.tap),
            shown_id=post.shown_id,
            place=place if place.startswith("-") else "",
            member=member,
        )
        return self._take(arrival)

    def changes(self, change: str, chat: int = COMMON, moved_to: int = 0) -> None:
        """Something happens to a group itself: "out", "in" or "moved"."""
        arrival = DeskArrival(
            "desk",
            f"u{next(self._numbers)}",
            Sender(""),
            self.now,
            place=str(chat),
            change=change,  # type: ignore[arg-type]  # tests name the changes of the contract
            moved_to=moved_to,
        )
        self._take(arrival)

    def _take(self, arrival: DeskArrival) -> list[Posted]:
        before = len(self.posted)
        with Session(self.database) as session:
            taken: Taken = self.desk.take(session, arrival, self.now)
            session.commit()
        self.answer = taken.answer.text if taken.answer is not None else ""
        self._deliver()
        return self.posted[before:]

    # ------------------------------------------------------------ what the desk does by itself

    def look(self) -> list[Posted]:
        """A look, what the platform is to do to topics, and another look."""
        before = len(self.posted)
        for _round in range(3):
            with Session(self.database) as session:
                doing = Doing(session, self.now, self.rules)
                look(doing)
                for errand in errands.errands(session, self.now):
                    self.done.append(f"{errand.what} {errand.name}".strip())
                    thread = next(self._threads) if errand.what == "open" else errand.thread
                    errands.done(doing, errand, thread)
                session.commit()
            self._deliver()
        return self.posted[before:]

    def advance(self, **by: float) -> list[tuple[str, Spoken]]:
        seen = super().advance(**by)
        self.look()
        return seen

    def _deliver(self) -> list[tuple[str, Spoken]]:
        with Session(self.database) as session:
            rows = session.execute(
                select(Outgoing, Address.external_id)
                .join(Address, Address.id == Outgoing.address_id)
                .where(Outgoing.state == "waiting", Outgoing.due_at <= self.now, Address.channel == "desk")
                .order_by(Outgoing.id)
            ).all()
            for row, external_id in rows:
                self._show(row, external_id)
            session.commit()
        return super()._deliver()

    def _show(self, row: Outgoing, to: str) -> None:
        message = envelope.from_json(row.body)
        row.state, row.sent_at = "sent", self.now
        known = next((one for one in self.posted if one.shown_id == row.edits), None) if row.edits else None
        if known is not None and message.replaces:
            known.message, known.edits = message, known.edits + 1
            row.shown_id = known.shown_id
            return
        row.shown_id = str(row.id)
        self.posted.append(Posted(to, message, row.shown_id))

    # ------------------------------------------------------------ what stands there

    def thread(self, name: str = "") -> int:
        """The thread of the newest topic, or of the newest with that in its name."""
        with Session(self.database) as session:
            found = session.scalars(
                select(DeskTopic.thread).where(DeskTopic.name.contains(name)).order_by(DeskTopic.id.desc())
            ).first()
        assert found, f"there is no topic {name!r}"
        return found

    def texts(self, thread: int = 0, *, chat: int = COMMON) -> list[str]:
        """What stands in a topic, or (0) outside of all."""
        place = f"{chat}/{thread}" if thread else str(chat)
        return [one.text for one in self.posted if one.to.rpartition("@")[2] == place]

    def topics(self) -> list[tuple[str, str]]:
        """The topics there are: name, and whether open or closed."""
        with Session(self.database) as session:
            rows = session.execute(select(DeskTopic.name, DeskTopic.shown).order_by(DeskTopic.id))
            return [(row[0], row[1]) for row in rows]

    def group(self, kind: str = "common") -> DeskGroup:
        """A group as it is stored."""
        with Session(self.database) as session:
            found = session.scalars(select(DeskGroup).where(DeskGroup.kind == kind)).one()
            session.expunge(found)
            return found
