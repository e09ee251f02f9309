"""The house's rules that no one has to remember: who may import whom, and what may not stand in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "conversations", "handlers", "models")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

MAY_IMPORT = {
    "conversations": ("conversations",),
    "handlers": ("handlers", "conversations.speech"),
    "models": ("models",),
    "bot": ROOMS,
}
"""design.md part 2. Whatever is not ours is not looked at here."""

OUTSIDE = {
    "conversations": ("sqlalchemy", "aiogram", "telegram", "aiohttp", "asyncio", "babel"),
    "models": ("aiogram", "telegram", "aiohttp", "asyncio", "babel"),
    "handlers": ("sqlalchemy", "babel"),
}
"""Libraries that have no business in a room."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def within(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(room + ".") for room in allowed)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        if name.split(".")[0] in ROOMS:
            assert within(name, MAY_IMPORT[room]), f"{room} imports {name}"
        assert not within(name, OUTSIDE.get(room, ())), f"{room} imports {name}"


def test_channels_do_not_import_each_other() -> None:
    for path in (ROOT / "handlers").glob("*/*.py"):
        own = f"handlers.{path.parent.name}"
        for name in imports(path):
            if name.startswith("handlers."):
                folders = {child.name for child in (ROOT / "handlers").iterdir() if child.is_dir()}
                assert name.startswith(own) or name.split(".")[1] not in folders, f"{path}: {name}"


def test_no_conversation_knows_a_channel_by_its_name() -> None:
    """Whatever one of them cannot show, the channel adapts: the next one changes nothing in what is said."""
    channels = {"telegram", "viber", "webchat", "console"}
    for path in (path for path in MODULES if "conversations" in path.relative_to(ROOT).parts[:1]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = getattr(node, "id", getattr(node, "attr", getattr(node, "arg", getattr(node, "value", ""))))
            words = named.casefold().split("_") if isinstance(named, str) and " " not in named else []
            assert not channels.intersection(words), f"{path}: {named}"


def packages_of(name: str) -> set[str]:
    """The packages around a module: importing it runs their __init__ first."""
    parts = name.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def test_no_module_depends_on_itself_through_others() -> None:
    arrows: dict[str, set[str]] = {}
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}
    for name, path in names.items():
        arrows[name] = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:  # only what is imported at import time
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    arrows[name].add(full if full in names else node.module)
            elif isinstance(node, ast.Import):
                arrows[name].update(alias.name for alias in node.names)
        arrows[name] &= names.keys()
        packages = {package for target in arrows[name] for package in packages_of(target)}
        arrows[name] |= (packages & names.keys()) - packages_of(name) - {name}  # one's own packages are under way
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name in done:
            return
        for target in sorted(arrows[name] - {name}):
            visit(target, (*way, name))
        done.add(name)

    for name in sorted(arrows):
        visit(name, ())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no first line"


def test_background_work_and_the_clock_are_in_one_place_each() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        where = str(path.relative_to(ROOT))
        if where != "bot/running/nursery.py":
            assert "create_task(" not in text and "ensure_future(" not in text, (
                f"{where}: goes through bot/running/nursery.py"
            )
        if where != "bot/clock.py":
            assert "datetime.now(" not in text and "utcnow(" not in text, f"{where}: time comes in as an argument"


def test_nothing_outside_is_named_as_a_source_of_packages() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
