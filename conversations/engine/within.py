"""Labels that stand within more that was said: "when is the psychologist there?"."""

from __future__ import annotations

from conversations.speech import Text, Tongue

SENTENCE_MOST = 16
"""Words of a sentence that are looked at."""
LABEL_WORDS_MOST = 4
"""The most words of a label that is found in a sentence,"""
LABEL_LEAST = 4
"""and its fewest letters: "no" and "yes" stand in many sentences that mean something else."""


def within(words: str, labels: tuple[Text, ...], tongue: Tongue) -> tuple[int, ...]:
    """Which labels are said in these words, in any script; those of more words first."""
    said = words.split()[:SENTENCE_MOST]
    parts = (
        " ".join(said[at : at + length]).strip(".,!?")
        for length in range(LABEL_WORDS_MOST, 0, -1)
        for at in range(len(said) - length + 1)
    )
    read = (tongue.reads(part, labels) for part in parts if len(part) >= LABEL_LEAST and part != words)
    return tuple(dict.fromkeys(index for index in read if index is not None))
