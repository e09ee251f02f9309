"""What people are told about how their learning goes, and about exams."""

from __future__ import annotations

from conversations.facts.lessons import ResultRow
from conversations.speech import Moment, Text, Words, _, lines

READ_IT = _("🌱 Read it")


def written(title: Words, child: Text | str) -> Text:
    """There are a few lines on somebody's learning."""
    return lines(
        _("🌱 There are a few words on how it goes: {title}.").of(title=title),
        _("For: {child}").of(child=child) if child else None,
    )


def result(title: Words, when: Moment, child: Text | str, *, passed: bool, corrected: bool) -> Text:
    """How an exam ended: said kindly, with a way on."""
    return lines(
        _("✏️ We were wrong, please excuse us. This is the right result:") if corrected else None,
        _("📝 The exam of {when}: {title}").of(when=when, title=title),
        _("For: {child}").of(child=child) if child else None,
        _("✅ Passed. Well done!")
        if passed
        else lines(
            _("Not passed this time. That happens, and it can be tried again."),
            _("What helps now? Write “person”, and somebody from the team answers."),
        ),
    )


def told(row: ResultRow) -> Text:
    """A result, on the booking it is of."""
    said = _("📝 Exam, {when}: ✅ passed") if row.passed else _("📝 Exam, {when}: not passed")
    return said.of(when=row.when)
