"""The translations: every gettext domain of a language in one look-up, compiled when stale."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from bot.language.script import to_latin

LOCALES = Path(__file__).resolve().parents[2] / "locales"

Key = tuple[str, str]
"""A msgid and its plural ("" where it has none)."""

Forms = tuple[str, ...]

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}", re.IGNORECASE)


def po_files(folder: str, locales: Path = LOCALES) -> tuple[Path, ...]:
    """The catalogues of a language, one per domain, by name."""
    return tuple(sorted((locales / folder / "LC_MESSAGES").glob("*.po")))


def read_source(path: Path) -> Catalog:
    """A .po file as Babel reads it. Raises `babel.messages.pofile.PoFileError` for one that is broken."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def _read(path: Path) -> Catalog:
    """A catalogue from its .mo file, which is made again when the .po file is newer.

    Where the folder cannot be written to, the .po file itself is read.
    """
    compiled = path.with_suffix(".mo")
    with suppress(OSError, ValueError):
        if compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
            with compiled.open("rb") as file:
                return read_mo(file)
    catalogue = read_source(path)
    partial = path.with_suffix(f".mo.{os.getpid()}")
    with suppress(OSError):
        try:
            with partial.open("wb") as file:
                write_mo(file, catalogue)
            partial.replace(compiled)
        finally:
            partial.unlink(missing_ok=True)
    return catalogue


def translations(catalogue: Catalog) -> dict[Key, Forms]:
    """What is translated, and not fuzzy, in a catalogue."""
    found: dict[Key, Forms] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        singular, plural = (message.id, "") if isinstance(message.id, str) else message.id[:2]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if forms and all(forms):
            found[singular, plural] = forms
    return found


@lru_cache(maxsize=16)
def load(folder: str, script: str = "", locales: Path = LOCALES) -> Mapping[Key, Forms]:
    """All translations of a language; with `script="Latn"` the Serbian ones in Latin letters."""
    merged: dict[Key, Forms] = {}
    if folder:
        for path in po_files(folder, locales):
            merged.update(translations(_read(path)))
    if script == "Latn":
        merged = {key: tuple(map(to_latin, forms)) for key, forms in merged.items()}
    return MappingProxyType(merged)
