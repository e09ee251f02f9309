"""Catalogues looked over: what is missing, unsure, left over, in English or too long."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError

from bot.language.catalogue import PLACEHOLDER, Key, po_files, read_source
from bot.language.messages import CATALOGUES, ROOT, buttons, extract, key_of, needs_words, paths

LONGEST_BUTTON = 40
LONGEST_TEXT = 400
"""Characters without placeholders; what is longer does not fit the small screen it is read on."""

SAME_IN_EVERY_LANGUAGE = frozenset({"Telegram", "Viber", "Putokaz", "DEMO", "OK", "SMS", "QR", "PDF", "CV"})

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that keeps a text from being said well."""

    file: str
    msgid: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}: {self.msgid!r}"


def problems(root: Path = ROOT) -> list[Problem]:
    """Everything that is wrong in the catalogues, by file. Raises SyntaxError for broken code."""
    texts = extract(root)
    labels = buttons(root)
    found = [
        Problem(places[0], key[0], too_long)
        for of_domain in texts.values()
        for key, places in of_domain.items()
        for too_long in _too_long(key[0], key[0] in labels)
    ]
    for folder in CATALOGUES:
        found += _of_language(root, folder, texts, labels)
    return sorted(set(found))


def _of_language(
    root: Path, folder: str, texts: Mapping[str, Mapping[Key, object]], labels: Collection[str]
) -> Iterator[Problem]:
    said: dict[Key, tuple[str, tuple[str, ...]]] = {}
    in_code = {key for of_domain in texts.values() for key in of_domain}
    files = {domain: path.relative_to(root).as_posix() for domain, path in paths(root, folder).items()}
    for path in po_files(folder, root / "locales"):
        file = path.relative_to(root).as_posix()
        if file not in files.values():
            yield Problem(file, "", "belongs to no domain")
            continue
        try:
            catalogue = read_source(path)
        except PoFileError as error:
            yield Problem(file, "", f"cannot be read: {error}")
            continue
        yield from (Problem(file, *of_file) for of_file in _of_catalogue(catalogue, folder, in_code, labels))
        for message in catalogue:
            if message.id:
                forms = _forms(message)
                elsewhere, others = said.setdefault(key_of(message), (file, forms))
                if others != forms:
                    yield Problem(file, key_of(message)[0], f"said otherwise in {elsewhere}")
    for domain, of_domain in texts.items():
        missing = (key for key in of_domain if key not in said and needs_words(key))
        yield from (Problem(files[domain], key[0], "missing") for key in missing)


def _of_catalogue(
    catalogue: Catalog, folder: str, in_code: Collection[Key], labels: Collection[str]
) -> Iterator[tuple[str, str]]:
    if catalogue.num_plurals != CATALOGUES[folder].forms:
        yield "", f"Plural-Forms must have {CATALOGUES[folder].forms} forms"
    for message in catalogue.obsolete.values():
        yield key_of(message)[0], "obsolete"
    for message in catalogue:
        if not message.id:
            continue
        key = key_of(message)
        if key not in in_code:
            yield key[0], "no longer in the code"
        elif message.fuzzy:
            yield key[0], "fuzzy"
        else:
            yield from ((key[0], what) for what in _of_message(key, message, folder, key[0] in labels))


def _of_message(key: Key, message: Message, folder: str, button: bool) -> Iterator[str]:
    forms = _forms(message)
    if not forms or not all(forms):
        yield "not translated"
        return
    if len(forms) != (CATALOGUES[folder].forms if key[1] else 1):
        yield "wrong number of plural forms"
    wanted = set(PLACEHOLDER.findall(key[0] + key[1]))
    # A plural form may say its number in words.
    needed = wanted - {"n"} if key[1] else wanted
    for form in forms:
        if not needed <= set(PLACEHOLDER.findall(form)) <= wanted:
            yield "other placeholders"
        plain = PLACEHOLDER.sub("", form)
        if _LETTER.search(plain) and not _CYRILLIC.search(plain) and form not in SAME_IN_EVERY_LANGUAGE:
            yield "not in Cyrillic"
        yield from _too_long(form, button)


def _too_long(text: str, button: bool) -> Iterator[str]:
    most = LONGEST_BUTTON if button else LONGEST_TEXT
    if len(PLACEHOLDER.sub("", text)) > most:
        yield f"longer than {most} characters"


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
