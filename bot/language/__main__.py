"""`python -m bot.language update` rewrites the .po files in place; `... check` lists what is wrong in them.

`... why WORDS` says what those words weigh for the gentle question of the safety card, and what against it.
"""

from __future__ import annotations

import sys

from bot.language import alarms
from bot.language.messages import update
from bot.language.proofread import problems


def main(arguments: list[str]) -> int:
    """`update`, `update --prune` (drop what the code no longer says), `check` or `why`; returns the exit status."""
    if arguments[:1] == ["update"]:
        lines = list(update(prune="--prune" in arguments))
        status = 0
    elif arguments[:1] == ["why"]:
        lines = [f"{weight:+5} {name}" for name, weight in alarms.why(" ".join(arguments[1:]))]
        status = 0
    else:
        lines = [str(problem) for problem in problems()]
        status = 1 if lines else 0
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
