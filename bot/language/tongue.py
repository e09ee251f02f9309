"""One language in one script, able to speak every text and to read what people type."""

from __future__ import annotations

from functools import lru_cache

from bot.language import alarms, dates, typed
from bot.language.catalogue import PLACEHOLDER, load
from bot.language.languages import BY_TAG, TAGS, Language
from bot.language.script import to_latin
from conversations.speech import (
    Button,
    Joined,
    Moment,
    Say,
    Spoken,
    SpokenButton,
    SpokenCard,
    SpokenVenue,
    Text,
    Value,
    Words,
)

Template = tuple[str, ...]
"""Plain text at the even places, names of placeholders at the odd ones."""

_FALLBACK = ("en", "sr", "bg")


_OPENS = frozenset("„“")
_INNER = (str.maketrans({"“": "‘", "”": "’"}), str.maketrans({"„": "’", "“": "’", "”": "’"}))
"""Quotation marks within others: in English, and where the outer ones begin low."""


def _quoted(said: str) -> str:
    """What is set in quotation marks: its own become the inner ones."""
    return said.translate(_INNER["„" in said]) if "“" in said or "„" in said else said


class Speaker:
    """The `Tongue` of one language."""

    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        self.language = language
        self._translations = load(language.catalogue, language.script if language.catalogue == "sr" else "")
        self._templates: dict[tuple[str, str | None, int], Template] = {}

    def speak(self, text: Text) -> str:
        """The text in this language; a text that no catalogue knows stays in English."""
        values: dict[str, Value] = dict(text.values)
        form = 0
        if text.plural is not None:
            n = values.get("n", 0)
            form = self.language.plural(abs(n)) if isinstance(n, int) else self.language.forms - 1
        template = self._templates.get((text.msgid, text.plural, form)) or self._template(text, form)
        if len(template) == 1:
            return template[0]
        pieces = list(template)
        for at in range(1, len(pieces), 2):
            name = pieces[at]
            said = self.value(values[name]) if name in values else "{" + name + "}"
            pieces[at] = _quoted(said) if pieces[at - 1][-1:] in _OPENS else said
        return "".join(pieces)

    def value(self, value: Value) -> str:
        """A placeholder's value in this language. What it holds is never read as a template again."""
        if isinstance(value, str):
            return value
        if isinstance(value, Text):
            return self.speak(value)
        if isinstance(value, Words):
            return self.words(value)
        if isinstance(value, Moment):
            return dates.speak_moment(value, self.language)
        if isinstance(value, Joined):
            return self._joined(value)
        return str(value)

    def words(self, words: Words) -> str:
        """What staff wrote, in this language or else in the first one at hand."""
        at_hand = {language: said for language, said in words.by_language if said}
        mine = at_hand.get(self.tag) or at_hand.get(self.language.base)
        if mine:
            serbian_latin = self.language.base == "sr" and self.language.script == "Latn"
            return to_latin(mine) if serbian_latin else mine
        for language in _FALLBACK:
            if language in at_hand:
                return at_hand[language]
        return next(iter(at_hand.values()), "")

    def reads(self, heard: str, labels: tuple[Text, ...]) -> int | None:
        """Which of the labels was typed, in any script, with or without accents; None if none was."""
        return typed.reads(heard, _vocabulary(self.tag, labels))

    def near(self, heard: str, labels: tuple[Text, ...]) -> tuple[int, ...]:
        """Labels that may have been meant, best first: a letter wrong, a part of the words."""
        return typed.near(heard, _vocabulary(self.tag, labels))

    def word(self, heard: str) -> str | None:
        """The global word that was typed, in any language."""
        return typed.word(heard)

    def alarm(self, heard: str) -> str | None:
        """The kind of emergency that the words hint at (never a diagnosis), MAYBE where that is uncertain, or None."""
        return alarms.hint(heard) or None

    def _template(self, text: Text, form: int) -> Template:
        forms = self._translations.get((text.msgid, text.plural or ""))
        if forms is not None and form < len(forms):
            written = forms[form]
        else:
            n_is_one = dict(text.values).get("n") == 1
            written = text.msgid if text.plural is None or n_is_one else text.plural
        template = tuple(PLACEHOLDER.split(written))
        if forms is not None or text.plural is None or self.language.forms == 2:
            self._templates[text.msgid, text.plural, form] = template
        return template

    def _joined(self, joined: Joined) -> str:
        parts = [self.value(part) for part in joined.parts]
        if joined.how == "lines":
            return "\n".join(parts)
        parts = [part for part in parts if part]
        if joined.how == "commas" or len(parts) < 2:
            return ", ".join(parts)
        between = self.language.both if joined.how == "and" else self.language.either
        return f"{', '.join(parts[:-1])} {between} {parts[-1]}"


@lru_cache(maxsize=len(TAGS))
def _speaker(tag: str) -> Speaker:
    return Speaker(BY_TAG[tag])


def tongue(tag: str) -> Speaker:
    """The tongue of a tag, made once. Raises KeyError for a tag that is not in `languages.TAGS`."""
    return _speaker(tag)


def warm() -> None:
    """Load all languages, words and packs, which costs 0.2 s; called beside the page that already serves."""
    for tag in TAGS:
        tongue(tag)
    dates.warm()
    typed.word("")
    alarms.alarm("")


@lru_cache(maxsize=512)
def _vocabulary(tag: str, labels: tuple[Text, ...]) -> typed.Vocabulary:
    """What may be typed for each label: as this language says it, and as each other one does."""
    tags = (tag, *(other for other in TAGS if other != tag))
    return typed.Vocabulary(
        [[*(_speaker(other).speak(label) for other in tags), *_staff_words(label)] for label in labels]
    )


def _staff_words(label: Text) -> tuple[str, ...]:
    """All languages of a label that consists of words staff wrote, so that each of them can be typed."""
    value = label.values[0][1] if label.values and label.msgid == "{words}" else None
    return tuple(said for _, said in value.by_language) if isinstance(value, Words) else ()


def match_names(heard: str, names: tuple[Words, ...]) -> tuple[int | None, tuple[int, ...]]:
    """The name that was typed, if exactly one was, and the ones that may have been meant, best first."""
    vocabulary = _names(names)
    return typed.reads(heard, vocabulary), typed.near(heard, vocabulary)


@lru_cache(maxsize=64)
def _names(names: tuple[Words, ...]) -> typed.Vocabulary:
    return typed.Vocabulary([["", *(said for _, said in name.by_language)] for name in names])


def spoken(say: Say, voice: Speaker) -> Spoken:
    """A `Say` in one language: plain strings, ready to be stored and carried."""
    return Spoken(
        text=voice.speak(say.text),
        language=voice.tag,
        buttons=_buttons(say.buttons, voice),
        cards=tuple(SpokenCard(voice.speak(card.text), _buttons(card.buttons, voice)) for card in say.cards),
        venue=SpokenVenue(
            voice.words(say.venue.name),
            voice.words(say.venue.address),
            say.venue.latitude,
            say.venue.longitude,
        )
        if say.venue
        else None,
        document=say.document,
        relay=say.relay,
        replaces=say.replaces,
    )


def _buttons(buttons: tuple[Button, ...], voice: Speaker) -> tuple[SpokenButton, ...]:
    return tuple(SpokenButton(voice.speak(b.label), b.tap, b.url, b.asks, b.quiet) for b in buttons)
