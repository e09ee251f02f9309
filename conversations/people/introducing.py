"""Steps that ask what is not known yet of whoever is talking, where it is needed: their age, what they are called."""

from __future__ import annotations

from conversations.deeds.people import SetBand, SetCalled
from conversations.people.words import BANDS, band_of, clean_name, typed_band
from conversations.speech import Text
from conversations.steps import Choose, Do, Step, Write


def age(question: Text, then: str, name: str = "band") -> tuple[Step, ...]:
    """Ask how old they are, keep it, and go on at the step `then`."""
    return (
        Choose(
            name=name,
            question=question,
            choices=BANDS,
            typed=typed_band,
            when=lambda here: not here.facts.me.band,
        ),
        Do(
            name="aged",
            does=SetBand,
            deed=lambda here: SetBand(band_of(here[name])),
            otherwise=then,
            when=lambda here: bool(here.get(name)),
        ),
    )


def called(question: Text, then: str) -> tuple[Step, ...]:
    """Ask what to call them, keep it, and go on at the step `then`."""
    return (
        Write(
            name="called",
            question=question,
            check=clean_name,
            when=lambda here: not here.facts.people.held().called,
        ),
        Do(
            name="named",
            does=SetCalled,
            deed=lambda here: SetCalled(here["called"]),
            otherwise=then,
            when=lambda here: bool(here.get("called")),
        ),
    )
