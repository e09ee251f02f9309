"""What can be set up by chat can be set up by a table: found out from the conversations and the kinds themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.importing.columns import Column, Reader
from bot.importing.kinds import Kind, Wizard
from bot.importing.tables.every import KINDS
from bot.language.tongue import tongue
from conversations.every import CONVERSATIONS
from conversations.script import Conversation
from conversations.steps import Attach, Browse, Choose, ChooseMany, Each, Here, Open, Step, Write
from tests.house import House

ASKS = (Attach, Browse, Choose, ChooseMany, Each, Write)
BY_NAME: Mapping[str, Conversation] = {one.name: one for one in CONVERSATIONS}
LEADS_ON = frozenset(("what", "organisation", "languages", "in_languages", "preview", "change", "go", "act"))
"""Steps that choose a way, or of which languages words are written: a table has its kind, its sender, its columns."""


class _Answers(dict[str, Any]):
    """Answers that remember what was asked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.read: set[str] = set()

    def __getitem__(self, step: str) -> Any:
        self.read.add(step)
        return super().__getitem__(step)

    def get(self, step: str, default: Any = None) -> Any:
        self.read.add(step)
        return super().get(step, default)


def comes_to(step: Step, wizard: Wizard) -> bool:
    """False for a step that the answers from which the wizard begins leave out for good."""
    when = getattr(step, "when", None)
    if when is None:
        return True
    answers = _Answers(wizard.given)
    try:
        asked = bool(when(Here(None, answers)))  # type: ignore[arg-type]  # no facts: what needs them may be asked
    except (AttributeError, KeyError):
        return True
    return asked or not answers.read <= set(wizard.given)


def asked_by(wizard: Wizard) -> Iterator[str]:
    """What a wizard asks for, by the names of its steps: "new_title" changes "title"."""
    script = BY_NAME[wizard.name]
    for step in script.steps:
        if isinstance(step, ASKS) and step.name not in LEADS_ON:
            first = script.step(step.name.removeprefix("new_")) or step
            if comes_to(first, wizard) and first.name not in LEADS_ON:
                yield first.name


def sets(kind: Kind) -> set[str]:
    return {step for column in kind.columns for step in (column.key, *column.sets)} | set(kind.apart)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_table_knows_all_that_its_wizards_ask_for(kind: Kind) -> None:
    for wizard in kind.wizards:
        missing = set(asked_by(wizard)) - sets(kind)
        assert not missing, f"{wizard.name} asks for {sorted(missing)}: add columns, or say why not in `apart`"
    asked = {step for wizard in kind.wizards for step in asked_by(wizard)}
    assert set(kind.apart) <= asked, "a reason for something that nobody asks"


def test_whatever_is_published_by_chat_has_a_kind_of_table() -> None:
    what = BY_NAME["new"].step("what")
    assert isinstance(what, Choose)
    ways = [way.conversation for way in what.goto.values() if isinstance(way, Open)]
    by_table = {wizard.name for kind in KINDS.values() for wizard in kind.wizards}
    assert set(ways) - {"import_sheet"} <= by_table
    assert isinstance(what.choices, Mapping)
    straight = {wizard.given["what"] for kind in KINDS.values() for wizard in kind.wizards if wizard.name == "new"}
    assert set(what.choices) - set(what.goto) == straight


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    built = House(Path(tmp_path_factory.mktemp("tables")))
    with Session(built.database) as session:
        yield Reader(session, built.now, 1, "sr", built.rules.zone)


def test_whatever_a_wizard_lets_choose_is_read_in_the_table(reader: Reader) -> None:
    """Labels that stand on buttons of a wizard, in every language of staff."""
    compared = 0
    for kind in KINDS.values():
        for wizard in kind.wizards:
            for name, labels in choices_of(wizard):
                columns = [one for one in kind.columns if name in (one.key, *one.sets)]
                if len(columns) == 1 and name not in kind.apart:
                    compared += sum(1 for _read in read_all(columns[0], labels, reader))
    assert compared > 60, "nothing was compared"


def choices_of(wizard: Wizard) -> Iterator[tuple[str, list[Any]]]:
    for step in BY_NAME[wizard.name].steps:
        if isinstance(step, Choose | ChooseMany) and isinstance(step.choices, Mapping) and step.name not in LEADS_ON:
            onward = {} if isinstance(step, ChooseMany) else step.goto
            yield step.name, [label for key, label in step.choices.items() if key not in onward]


def read_all(column: Column, labels: list[Any], reader: Reader) -> Iterator[Any]:
    for label in labels:
        for tag in ("sr-Latn", "sr-Cyrl", "bg", "en"):
            yield column.read(tongue(tag).speak(label), reader)
