"""Checks the parameters of a call against the machine-readable Bot API (version 10.3)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_API = json.loads((Path(__file__).parent / "api.json").read_text("utf-8"))
METHODS: dict[str, dict[str, str]] = _API["methods"]
TYPES: dict[str, dict[str, str]] = _API["types"]
BY_LOWER = {name.lower(): name for name in METHODS}
"""Method names are case-insensitive."""


class Refused(Exception):
    """A call that Telegram would refuse: code, description and parameters of its answer."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refused:
    """A 400 in Telegram's wording."""
    return Refused(400, f"Bad Request: {description}")


@cache
def split_type(declared: str) -> tuple[str, bool]:
    """A declared type without its mark, and whether the field must be there."""
    return declared.removesuffix("!"), declared.endswith("!")


@cache
def variants(name: str) -> tuple[str, ...]:
    """The types that an abstract type stands for, by their common beginning."""
    if name == "MaybeInaccessibleMessage":
        return ("Message", "InaccessibleMessage")
    if name == "InputMessageContent":
        return tuple(t for t in TYPES if t.startswith("Input") and t.endswith("MessageContent") and TYPES[t])
    kinds = tuple(t for t in TYPES if t != name and t.startswith(name) and TYPES[t])
    told_apart = tuple(t for t in kinds if TYPES[t].keys() & {"type", "status", "source"})
    return tuple(t for t in told_apart if t not in ("ChatMemberUpdated", "PaidMediaInfo")) or kinds


def parse_params(method: str, raw: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> dict[str, Any]:
    """The parameters as typed values. Raises Refused for a missing, unknown or wrongly typed one."""
    declared = METHODS[method]
    params: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in declared:
            raise bad(f"unknown parameter {name} of {method} (said by the fake only)")
        kind, _ = split_type(declared[name])
        params[name] = _typed(kind, value, name, files)
    for name, kind in declared.items():
        if kind.endswith("!") and name not in params and name not in files:
            raise bad(_missing(method, name))
    for name in files:
        if name in declared and name not in params:
            params[name] = f"attach://{name}"
    return params


def _missing(method: str, name: str) -> str:
    if name == "chat_id":
        return "chat_id is empty"
    if name == "text":
        return "message text is empty"
    if method.startswith("send") and name in ("photo", "voice", "document"):
        return f"there is no {name} in the request"
    return f"parameter {name} is required"


def _typed(kind: str, value: Any, path: str, files: dict[str, tuple[str, bytes]]) -> Any:
    """A form value (text) as the value that its type asks for; JSON values are only checked."""
    if isinstance(value, str) and kind not in ("String", "Integer or String", "InputFile or String", "InputFile"):
        try:
            value = json.loads(value)
        except ValueError as error:
            if kind in ("Boolean", "True") and value in ("True", "False"):
                return value == "True"
            raise bad(f"can't parse {path} JSON object") from error
    check(kind, value, path, files)
    if kind == "Integer or String" and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value


def check(kind: str, value: Any, path: str, files: dict[str, tuple[str, bytes]]) -> None:
    """Raises Refused where a value does not have the declared type, at any depth."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise bad(f"field {path} must be an array")
        for index, item in enumerate(value):
            check(kind.removeprefix("Array of "), item, f"{path}[{index}]", files)
        return
    if kind in ("Integer", "Float", "Boolean", "True", "String"):
        _check_plain(kind, value, path)
    elif kind == "Integer or String":
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise bad(f"field {path} must be an Integer or String")
    elif kind in ("InputFile", "InputFile or String"):
        _check_file(value, path, files)
    elif " or " in kind or ", " in kind:
        _check_any(tuple(kind.replace(" and ", ", ").replace(" or ", ", ").split(", ")), value, path, files)
    elif not TYPES[kind]:
        choices = variants(kind)
        if choices:
            _check_any(choices, value, path, files)
    else:
        _check_object(kind, value, path, files)


def _check_plain(kind: str, value: Any, path: str) -> None:
    expected: tuple[type, ...] = {
        "Integer": (int,),
        "Float": (int, float),
        "Boolean": (bool,),
        "True": (bool,),
        "String": (str,),
    }[kind]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        raise bad(f'field "{path}" must be of type {kind}')
    if kind == "True" and value is not True:
        raise bad(f'field "{path}" must be true')


def _check_file(value: Any, path: str, files: dict[str, tuple[str, bytes]]) -> None:
    if not isinstance(value, str):
        raise bad(f'field "{path}" must be of type String')
    if value.startswith("attach://") and value.removeprefix("attach://") not in files:
        raise bad("wrong file identifier/HTTP URL specified: the attached file is missing")


def _check_any(kinds: tuple[str, ...], value: Any, path: str, files: dict[str, tuple[str, bytes]]) -> None:
    refusals: list[Refused] = []
    for kind in kinds:
        try:
            check(kind, value, path, files)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            return
    raise refusals[0]


def _check_object(kind: str, value: Any, path: str, files: dict[str, tuple[str, bytes]]) -> None:
    if not isinstance(value, dict):
        raise bad(f"object expected as {path}")
    declared = TYPES[kind]
    for name, item in value.items():
        if name not in declared:
            raise bad(f"unknown field {path}.{name} of {kind} (said by the fake only)")
        check(split_type(declared[name])[0], item, f"{path}.{name}", files)
    for name, field_kind in declared.items():
        if field_kind.endswith("!") and name not in value:
            raise bad(f"can't parse {path}: field {name} of {kind} must be specified")
