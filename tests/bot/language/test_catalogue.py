"""Catalogues on disk: compiled when stale, readable where nothing can be written, checked for gaps."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.language import messages
from bot.language.catalogue import load
from bot.language.proofread import problems

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=%s\\n"\n\n'
SERBIAN = HEADER % "3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
BULGARIAN = HEADER % "2; plural=(n != 1);"


def entry(msgid: str, msgstr: str, *, before: str = "") -> str:
    return f'{before}msgid "{msgid}"\nmsgstr "{msgstr}"\n\n'


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    folder = tmp_path / "locales" / "sr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "common.po").write_text(
        SERBIAN
        + entry("Menu", "Мени")
        + entry("Unsure", "Несигурно", before="#, fuzzy\n")
        + entry("Empty", "")
        + 'msgid "one {n} place"\nmsgid_plural "{n} places"\n'
        'msgstr[0] "{n} место"\nmsgstr[1] "{n} места"\nmsgstr[2] "{n} љуљашки"\n',
        "utf-8",
    )
    (folder / "offers.po").write_text(SERBIAN + entry("Book", "Пријава за {љ}"), "utf-8")
    return tmp_path / "locales"


def fresh(locales: Path, script: str = "") -> dict[tuple[str, str], tuple[str, ...]]:
    load.cache_clear()
    found = dict(load("sr", script, locales))
    load.cache_clear()
    return found


WANTED = {
    ("Menu", ""): ("Мени",),
    ("Book", ""): ("Пријава за {љ}",),
    ("one {n} place", "{n} places"): ("{n} место", "{n} места", "{n} љуљашки"),
}


def test_all_domains_are_one_and_what_is_unsure_or_empty_is_left_out(locales: Path) -> None:
    assert fresh(locales) == WANTED


def test_latin_is_derived(locales: Path) -> None:
    assert fresh(locales, "Latn")["one {n} place", "{n} places"] == ("{n} mesto", "{n} mesta", "{n} ljuljaški")
    assert fresh(locales, "Latn")["Book", ""] == ("Prijava za {љ}",)


def test_the_compiled_file_is_used_and_made_again_when_stale(locales: Path) -> None:
    source = locales / "sr" / "LC_MESSAGES" / "common.po"
    compiled = source.with_suffix(".mo")
    fresh(locales)
    assert compiled.exists()
    assert fresh(locales) == WANTED
    source.write_text(source.read_text("utf-8").replace("Мени", "Изборник"), "utf-8")
    later = compiled.stat().st_mtime_ns + 1_000_000
    os.utime(source, ns=(later, later))
    assert fresh(locales)["Menu", ""] == ("Изборник",)


def test_a_broken_compiled_file_is_made_again(locales: Path) -> None:
    fresh(locales)
    compiled = locales / "sr" / "LC_MESSAGES" / "common.mo"
    compiled.write_bytes(b"not a catalogue, only some bytes of the right size")
    assert fresh(locales) == WANTED
    assert fresh(locales) == WANTED


def test_a_folder_that_cannot_be_written_to_is_read(locales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, mode: str = "r", *rest: object, **options: object) -> object:
        if "w" in mode:
            raise PermissionError(13, "read-only")
        return opened(path, mode, *rest, **options)  # type: ignore[call-overload]  # passed on as it came

    monkeypatch.setattr(Path, "open", refuse)
    assert fresh(locales) == WANTED
    assert not list(locales.rglob("*.mo*"))


# ---------------------------------------------------------------- what is to be translated

CODE = '''"""Texts."""
from conversations.speech import Button, _, n_
OK = _("Go on")
ASK = Button(OK, "w.ok")
STEP = dict(choices={"a": _("First choice")})
PLACES = n_("one {n} place", "{n} places")
Button(label=_("A label"), tap="x")
'''


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "conversations" / "engine").mkdir(parents=True)  # no domain of its own
    (tmp_path / "conversations" / "offers" / "booking").mkdir(parents=True)  # a room within a domain
    (tmp_path / "bot").mkdir()
    (tmp_path / "conversations" / "engine" / "engine.py").write_text('_("Menu")\n_("Hello, {name}!")\n')
    (tmp_path / "conversations" / "offers" / "booking" / "offer.py").write_text(CODE)
    (tmp_path / "bot" / "dialogue.py").write_text('_("Menu")\n')
    return tmp_path


def test_texts_are_found_by_domain(house: Path) -> None:
    found = messages.extract(house)
    assert found["common"] == {
        ("Menu", ""): ("conversations/engine/engine.py", "bot/dialogue.py"),
        ("Hello, {name}!", ""): ("conversations/engine/engine.py",),
    }
    assert set(found["offers"]) == {
        ("Go on", ""), ("First choice", ""), ("one {n} place", "{n} places"), ("A label", ""),
    }  # fmt: skip
    assert messages.buttons(house) == {"Go on", "First choice", "A label"}


TRANSLATED = {
    "sr": {
        "common": entry("Menu", "Мени") + entry("Hello, {name}!", "Здраво, {name}!"),
        "offers": entry("Go on", "Настави") + entry("First choice", "Први избор") + entry("A label", "Натпис")
        + 'msgid "one {n} place"\nmsgid_plural "{n} places"\n'
        'msgstr[0] "једно место"\nmsgstr[1] "{n} места"\nmsgstr[2] "{n} места"\n',
    },
    "bg": {
        "common": entry("Menu", "Меню") + entry("Hello, {name}!", "Здравей, {name}!"),
        "offers": entry("Go on", "Продължи") + entry("First choice", "Първи избор") + entry("A label", "Надпис")
        + 'msgid "one {n} place"\nmsgid_plural "{n} places"\nmsgstr[0] "{n} място"\nmsgstr[1] "{n} места"\n',
    },
}  # fmt: skip


def write(house: Path) -> None:
    for folder, header in (("sr", SERBIAN), ("bg", BULGARIAN)):
        for domain, entries in TRANSLATED[folder].items():
            path = house / "locales" / folder / "LC_MESSAGES" / f"{domain}.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(header + entries, "utf-8")


def test_complete_catalogues_have_no_problems(house: Path) -> None:
    write(house)
    assert problems(house) == []


def test_everything_is_missing_where_there_is_nothing(house: Path) -> None:
    assert {(p.file, p.what) for p in problems(house)} == {
        (f"locales/{folder}/LC_MESSAGES/{domain}.po", "missing")
        for folder in ("sr", "bg")
        for domain in ("common", "offers")
    }


def _replace(domain: str, old: str, new: str) -> Callable[[Path], None]:
    def change(house: Path) -> None:
        path = house / "locales" / "sr" / "LC_MESSAGES" / f"{domain}.po"
        before = path.read_text("utf-8")
        assert old in before
        path.write_text(before.replace(old, new), "utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "msgid", "what"),
    [
        (_replace("common", '"Мени"', '""'), "Menu", "not translated"),
        (_replace("common", '"Мени"', '"Menu"'), "Menu", "not in Cyrillic"),
        (_replace("common", 'msgid "Menu"', '#, fuzzy\nmsgid "Menu"'), "Menu", "fuzzy"),
        (_replace("common", 'msgid "Menu"', 'msgid "Old menu"'), "Menu", "missing"),
        (_replace("common", 'msgid "Menu"', 'msgid "Old menu"'), "Old menu", "no longer in the code"),
        (_replace("common", 'msgid "Menu"', '#~ msgid "Gone"\n#~ msgstr "Нема"\n\nmsgid "Menu"'), "Gone", "obsolete"),
        (_replace("common", "Здраво, {name}", "Здраво, {ime}"), "Hello, {name}!", "other placeholders"),
        (_replace("common", "Здраво, {name}", "Здраво"), "Hello, {name}!", "other placeholders"),
        (_replace("offers", "Настави", "Настави " * 6), "Go on", "longer than 40 characters"),
        (_replace("common", "Мени", "мени " * 90), "Menu", "longer than 400 characters"),
        (_replace("common", "nplurals=3", "nplurals=2"), "", "Plural-Forms must have 3 forms"),
        (_replace("offers", '"{n} места"\n', '""\n'), "one {n} place", "not translated"),
    ],
)
def test_each_problem_is_named(house: Path, change: Callable[[Path], None], msgid: str, what: str) -> None:
    write(house)
    change(house)
    assert (msgid, what) in {(p.msgid, p.what) for p in problems(house)}


def test_one_text_is_said_one_way_in_all_domains(house: Path) -> None:
    write(house)
    (house / "conversations" / "offers" / "more.py").write_text('_("Menu")\n')
    path = house / "locales" / "sr" / "LC_MESSAGES" / "offers.po"
    path.write_text(path.read_text("utf-8") + entry("Menu", "Изборник"), "utf-8")
    assert "Menu" in {p.msgid for p in problems(house) if p.what.startswith("said otherwise in")}


def test_a_text_said_in_one_domain_is_not_asked_for_in_another(house: Path) -> None:
    write(house)
    (house / "conversations" / "offers" / "more.py").write_text('_("Menu")\n_("{title} · {when}")\n')
    assert problems(house) == []
    messages.update(house)
    assert problems(house) == []
    assert "Menu" not in (house / "locales" / "sr" / "LC_MESSAGES" / "offers.po").read_text("utf-8")


def test_broken_code_is_named(house: Path) -> None:
    (house / "conversations" / "offers" / "find.py").write_text('def f():\n        _("a")\n    _("b")\n')
    with pytest.raises(SyntaxError, match=r"conversations/offers/find\.py"):
        messages.update(house)


def test_update_keeps_translations_and_settles(house: Path) -> None:
    write(house)
    (house / "conversations" / "engine" / "engine.py").write_text('_("Menu")\n_("New text")\n')
    assert "locales/sr/LC_MESSAGES/common.po" in messages.update(house)
    assert messages.update(house) == ()
    assert {(p.msgid, p.what) for p in problems(house)} == {
        ("New text", "not translated"),
        ("Hello, {name}!", "obsolete"),
    }
    messages.update(house, prune=True)
    assert {(p.msgid, p.what) for p in problems(house)} == {("New text", "not translated")}
    assert "Мени" in (house / "locales" / "sr" / "LC_MESSAGES" / "common.po").read_text("utf-8")


def test_update_makes_new_catalogues_with_the_right_plural_forms(house: Path) -> None:
    assert len(messages.update(house)) == 4
    assert {p.what for p in problems(house)} == {"not translated"}
