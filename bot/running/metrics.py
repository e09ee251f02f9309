"""What is counted, for Prometheus: numbers by channel and class, never about a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counters of one running house, in a registry of their own."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.arrivals = Counter(
            "putokaz_arrivals", "Arrivals by what became of them", ["channel", "result"], registry=self.registry
        )
        self.turns = Histogram(
            "putokaz_turn_seconds",
            "From an arrival to its commit",
            ["channel"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.sent = Counter(
            "putokaz_sent", "Messages by what the platform said", ["channel", "kind", "result"], registry=self.registry
        )
        self.reminders = Counter(
            "putokaz_reminders", "Reminders by what became of them", ["result"], registry=self.registry
        )
        self.ticks = Histogram("putokaz_tick_seconds", "A round of reminders", buckets=_SECONDS, registry=self.registry)
        self.waiting = Gauge("putokaz_waiting", "Messages due and not sent", ["rank"], registry=self.registry)

        self.spent = Gauge(
            "putokaz_spent_euros", "Spent on messages this month (UTC)", ["channel"], registry=self.registry
        )
        self.budget = Gauge("putokaz_budget_euros", "What may be spent a month", ["channel"], registry=self.registry)
        self.unpaid = Gauge(
            "putokaz_unpaid_messages", "Not sent this month for want of money", ["channel"], registry=self.registry
        )

    def text(self) -> bytes:
        """All of it in the text format of Prometheus."""
        return generate_latest(self.registry)
