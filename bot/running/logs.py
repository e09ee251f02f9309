"""Logs: readable or as JSON lines, without texts, names, numbers or tokens."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

# structlog draws tracebacks with rich where it finds it; ours tells no variables, and rich costs a tenth of the start
_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]  # how an import is told that there is no such module
import structlog  # noqa: E402

if _rich is None:
    del sys.modules["rich"]
else:
    sys.modules["rich"] = _rich

log = structlog.stdlib.get_logger("putokaz")

_TOKEN = re.compile(r"(?<!\d)\d{5,}(:|%3A)[A-Za-z0-9_-]{20,}")
_VIBER_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{14,}(-[0-9A-Za-z]{14,}){2}(?![0-9A-Za-z])")
_SECRET_URL = re.compile(r"(?<=://)[^/@\s]+@")
_DEPTH = 12


def without_secrets(text: str) -> str:
    """The text with bot tokens and the passwords of database addresses blotted out."""
    return _SECRET_URL.sub("***@", _VIBER_TOKEN.sub("***", _TOKEN.sub("***", text)))


def told_of(error: BaseException) -> str:
    """An error as its types and the lines of our code that it came through; never its words.

    Texts of errors quote what people wrote (a database error quotes the row), so only their types are kept.
    """
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(told) < 4:
        told.append(f"{type(seen).__name__} ({_places(seen.__traceback__)})")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return " from ".join(told)


def set_up(*, as_json: bool = False, level: str = "INFO", to: TextIO | None = None) -> None:
    """Set up logging for the whole process, the libraries' logs included. Warnings and up of libraries only."""
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _errors,
        _redacted,
    ]
    drawn: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=(to or sys.stderr).isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_foreign, *chain],
            pass_foreign_args=True,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, drawn],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("putokaz").setLevel(level)
    # that a round was skipped because the one before it took long is seen at /health, by its last tick
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _errors(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its types and places."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    if isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["error"] = told_of(given)
    return event


def _redacted(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out tokens wherever they stand."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = without_secrets(value)
    return event


def _foreign(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What a library logs: its own fixed words only, since what it fills in may be anybody's.

    Our channels fill in kinds of errors and reasons of failures, which carry nobody's words.
    """
    record, filled_in = event.get("_record"), event.pop("positional_args", ())
    if record is not None:
        event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        event["by"] = record.name
        if filled_in and record.name.startswith("handlers."):
            event["positional_args"] = filled_in
    return event


def _places(trace: TracebackType | None) -> str:
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-_DEPTH:])


def _before_set_up() -> None:
    """Even what is logged before `set_up` tells no secrets and draws no variables of a failing function."""
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, _errors, _redacted, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


_before_set_up()
