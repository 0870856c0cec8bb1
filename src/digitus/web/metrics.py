"""What ``/metrics`` tells Prometheus: requests, their durations, queues, workers, what was read."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from prometheus_client.core import Metric
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 1.0, 2.5, 10.0, 60.0)
"""Bounds of the buckets of durations."""

Gauges = Mapping[str, tuple[str, Callable[[], float]]]
"""Name, description, and what returns the present value."""


class Metrics:
    """Counts for one server.

    Attributes:
        requests: by method, route and status.
        durations: of answers, from the first byte of the request, in seconds.
        predictions: images and drawings answered.
        pages: pages read, or failed.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "digitus_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.durations = Histogram(
            "digitus_request_seconds",
            "Time until the end of the answer.",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.predictions = Counter(
            "digitus_predictions", "Single digits read.", ["kind"], registry=self.registry
        )
        self.pages = Counter(
            "digitus_pages", "Pages read or failed.", ["outcome"], registry=self.registry
        )

    def watch(self, gauges: Gauges) -> None:
        """Add values that are asked for when the metrics are."""
        self.registry.register(_Present(gauges))

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class _Present(Collector):
    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> "Iterable[Metric]":
        for name, (description, value) in self._gauges.items():
            yield GaugeMetricFamily(name, description, value=value())


class Measured:
    """Counts the requests of an application and their durations, by route.

    Args:
        app: answers the requests.
        metrics: receives the counts.
    """

    def __init__(self, app: "ASGIApp", metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_counted(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_counted)
        finally:
            route = route_of(scope)
            self.metrics.requests.labels(scope["method"], route, str(status)).inc()
            self.metrics.durations.labels(route).observe(time.perf_counter() - started)


def route_of(scope: "Scope") -> str:
    """Return the route that answered, such as ``/api/jobs/{id}``; never an address as it came."""
    route = scope.get("route")
    return getattr(route, "path", None) or "none"
