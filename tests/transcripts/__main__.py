"""`python -m tests.transcripts --update FILE...` writes what is said today into transcripts: read it critically."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.transcripts.playing import FOLDER, play

for path in [Path(name) for name in sys.argv[1:] if name != "--update"] or sorted(FOLDER.glob("*.txt")):
    with tempfile.TemporaryDirectory() as folder:
        path.write_text(play(path, Path(folder)), encoding="utf-8")
    sys.stdout.write(f"{path.name}\n")
