"""The documents are true: settings, diagrams, packages and files that they name are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings
from conversations.drawing import page

ROOT = Path(__file__).parent.parent
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described(name: str) -> None:
    assert re.search(rf"`{name.upper()}`", OPERATING), f"docs/operating.md does not mention {name.upper()}"


def test_no_setting_is_described_that_is_not_there() -> None:
    table = OPERATING.split("## Settings")[1].split("## ")[0]
    named = {
        word
        for row in table.splitlines()
        if row.startswith("| `")
        for word in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert named == {name.upper() for name in Settings.model_fields}


def test_the_diagrams_are_those_of_the_code() -> None:
    assert (ROOT / "docs" / "conversations.md").read_text(encoding="utf-8") == page(), "run: make diagrams"


def test_every_package_is_accounted_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    described = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    for requirement in wanted:
        name, _, version = requirement.lower().partition("==")
        name = name.partition("[")[0]
        assert name in described, f"docs/dependencies.md does not mention {name}"
        assert re.search(rf"^{re.escape(name)}(\[[a-z]+\])?=={re.escape(version)}", lock, re.M), (
            f"{requirement} is not locked"
        )


@pytest.mark.parametrize("page_name", ["README.md", "docs/operating.md", "handlers/ADDING_A_CHANNEL.md"])
def test_files_that_are_named_are_there(page_name: str) -> None:
    text = (ROOT / page_name).read_text(encoding="utf-8")
    for named in re.findall(r"`((?:bot|conversations|handlers|models|tests|docs|locales)/[\w./-]*)`", text):
        assert (ROOT / named).exists() or "<" in named, f"{page_name} names {named}"
    for picture in re.findall(r"\]\((docs/[\w.-]+)\)", text):
        assert (ROOT / picture).exists()


def test_the_commands_of_the_readme_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.M), f"make {target} is not there"
