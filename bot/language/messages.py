"""What there is to translate: found in the code and written into the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from tokenize import TokenError

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from bot.language.catalogue import LOCALES, PLACEHOLDER, Key, read_source
from bot.language.languages import LANGUAGES

ROOT = LOCALES.parent
ROOMS = ("conversations", "bot", "handlers")
DOMAINS = (
    "people",
    "asking",
    "offers",
    "calls",
    "help",
    "staff",
    "web",
    "posters",
    "desk",
    "resources",
    "importing",
    "appointments",
    "common",
)
"""One for each folder of `conversations/`, `web` for the pages in `bot/web/`, `posters` for what is printed, `desk` for
the group of staff; `common` for all the rest.
"""

_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "n_": (1, 2)}
_NOISE = re.compile(
    rb'^"(?:Project-Id|Report-Msgid|POT-Creation|PO-Revision|Last-Tran|Language-Team|Generated)[^\n]*\n', re.MULTILINE
)
"""Lines of the header that say nothing here, or change by themselves."""

_LETTER = re.compile(r"[^\W\d_]")

CATALOGUES = {language.catalogue: language for language in LANGUAGES if language.catalogue}


def domain_of(path: Path, root: Path = ROOT) -> str:
    """The gettext domain of the texts in a source file."""
    parts = path.relative_to(root).parts
    if parts[:2] in (("bot", "web"), ("bot", "posters"), ("bot", "desk")):
        return parts[1]
    return parts[1] if parts[0] == "conversations" and parts[1] in DOMAINS else "common"


def _sources(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((root / room).rglob("*.py"))


def extract(root: Path = ROOT) -> dict[str, dict[Key, tuple[str, ...]]]:
    """By domain, every text in the code with the files it stands in. Raises SyntaxError for broken code."""
    found: dict[str, dict[Key, tuple[str, ...]]] = {domain: {} for domain in DOMAINS}
    for path in _sources(root):
        place = path.relative_to(root).as_posix()
        for key in _texts(path, place):
            places = found[domain_of(path, root)].setdefault(key, ())
            if place not in places:
                found[domain_of(path, root)][key] = (*places, place)
    return found


def _texts(path: Path, place: str) -> list[Key]:
    try:
        extracted = list(extract_from_file("python", str(path), keywords=_KEYWORDS))
    except (SyntaxError, TokenError) as error:
        raise SyntaxError(f"{place} cannot be read: {error}") from error
    messages = (message for _line, message, _comments, _context in extracted)
    return [(m, "") if isinstance(m, str) else (m[0], m[1]) for m in messages]


def buttons(root: Path = ROOT) -> frozenset[str]:
    """The texts that stand on buttons: the labels of `Button(...)` and of `choices={...}`."""
    return frozenset(text for path in _sources(root) for text in _labels(ast.parse(path.read_text("utf-8"))))


def _labels(tree: ast.Module) -> Iterator[str]:
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "Button":
            labels = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "label")]
        else:
            labels = [
                value
                for keyword in node.keywords
                if keyword.arg == "choices" and isinstance(keyword.value, ast.Dict)
                for value in keyword.value.values
            ]
        for label in labels:
            text = _literal(named.get(label.id, label) if isinstance(label, ast.Name) else label)
            if text is not None:
                yield text


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
        first = node.args[0]
        return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    return None


# ---------------------------------------------------------------- writing


def update(root: Path = ROOT, *, prune: bool = False) -> tuple[str, ...]:
    """Bring every .po file up to date with the code, keeping translations; returns the files that changed.

    A text that another domain already says is not asked for again. A text that the code no longer has is
    kept as a comment, or dropped with `prune`. Raises SyntaxError for broken code, PoFileError for a broken file.
    """
    changed = []
    texts = extract(root)
    for folder in CATALOGUES:
        catalogues = read_all(root, folder)
        for domain, path in paths(root, folder).items():
            elsewhere = {key for other, of in catalogues.items() if other != domain for key in of}
            mine = catalogues.get(domain, {})
            wanted = {
                key: places
                for key, places in texts[domain].items()
                if key in mine or (key not in elsewhere and needs_words(key))
            }
            if not wanted and not path.exists():
                continue
            before = path.read_bytes() if path.exists() else b""
            after = _written(path, folder, domain, wanted, prune=prune)
            catalogues[domain] = dict.fromkeys(wanted)
            if after != before:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(after)
                changed.append(path.relative_to(root).as_posix())
    return tuple(changed)


def paths(root: Path, folder: str) -> dict[str, Path]:
    """The .po file of each domain in a language, whether it is there or not."""
    return {domain: root / "locales" / folder / "LC_MESSAGES" / f"{domain}.po" for domain in DOMAINS}


def read_all(root: Path, folder: str) -> dict[str, dict[Key, Message | None]]:
    """By domain, what a language's .po files hold."""
    return {
        domain: {key_of(message): message for message in read_source(path) if message.id}
        for domain, path in paths(root, folder).items()
        if path.exists()
    }


def key_of(message: Message) -> Key:
    """The msgid and plural of a message."""
    return (message.id, "") if isinstance(message.id, str) else (message.id[0], message.id[1])


def needs_words(key: Key) -> bool:
    """False for a text that holds only placeholders and signs: it is the same in every language."""
    return _LETTER.search(PLACEHOLDER.sub("", "".join(key))) is not None


def _written(path: Path, folder: str, domain: str, texts: Mapping[Key, tuple[str, ...]], *, prune: bool) -> bytes:
    template = Catalog(project="Putokaz", domain=domain)
    for (singular, plural), places in texts.items():
        template.add((singular, plural) if plural else singular, locations=[(place, 0) for place in places])
    if path.exists():
        catalogue = read_source(path)
    else:
        catalogue = Catalog(locale=folder, project="Putokaz", domain=domain, fuzzy=False)
    catalogue.header_comment = f"# Putokaz: {domain}, {CATALOGUES[folder].base}."
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    out = BytesIO()
    write_po(out, catalogue, width=110, include_lineno=False, ignore_obsolete=prune)
    return _NOISE.sub(b"", out.getvalue())
