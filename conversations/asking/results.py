"""Words of the files that surveys come to: tables and pictures."""

from __future__ import annotations

from conversations.speech import _

HERE = _("Here it is:")
SORRY = _("The file could not be made. Please ask once more.")
A_VOICE = _("🎤 A voice note from the answers")
QUESTION = _("Question")
ANSWER = _("Answer")
HOW_MANY = _("How many")
NUMBER = _("Number")
CALLED = _("Called")
FEW = _("fewer than 5 answers")
MONTH = _("When")
VOICE = _("🎤 a voice note")
"""In place of a voice note, in a table."""
