"""What one run of a benchmark came to."""

from __future__ import annotations

import gc
from dataclasses import dataclass


def settle() -> None:
    """Before the measuring: what was imported and loaded is no garbage, as the product says of itself at its start."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Ran:
    """The seconds of each turn, and of all of them together."""

    took: list[float]
    seconds: float
    cpu: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.took) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
