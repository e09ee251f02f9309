"""The sample programme is called by a name in every language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot import sample

LANGUAGES = {"sr", "bg", "en"}


def names(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Everything that is said by language, and where it stands."""
    if isinstance(value, dict) and LANGUAGES & set(value) and all(isinstance(one, str) for one in value.values()):
        yield path, value
    elif isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in pairs:
            yield from names(one, (*path, str(one.get("code", key) if isinstance(one, dict) else key)))


def test_no_name_of_the_sample_programme_lacks_a_language() -> None:
    found = [
        (path, said)
        for file in sorted(Path(sample.__file__).parent.glob("*.toml"))
        for path, said in names(tomllib.loads(file.read_text(encoding="utf-8")), (file.name,))
    ]
    assert len(found) > 200
    lacking = {path: LANGUAGES - {tag for tag, words in said.items() if words.strip()} for path, said in found}
    assert not {path: missing for path, missing in lacking.items() if missing}
    kokoro = next(said for path, said in found if path[-2:] == ("kokoro", "name"))
    assert set(kokoro) >= LANGUAGES
