"""Metrics for Prometheus, on loopback alone: counts and times, no ids of people and no texts.

Names as https://prometheus.io/docs/practices/naming/ asks for. What the database says is the same
from every process; what is counted since the start (…_total, …_seconds) is this process's own.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import accumulate
from typing import Protocol, runtime_checkable

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from bridges.metering import BOUNDS, Meters, Times
from bridges.pace import PACES
from bridges.protocol import Bridge
from feed_core.errors import ConfigurationError, Unavailable
from feed_core.services.standing import Standing, standing
from feed_core.store import Store

HOST = "127.0.0.1"
SETTING = "JAMFEED_METRICS_PORT"
MILLION = 1_000_000


@runtime_checkable
class Limited(Protocol):
    """A bridge whose platform says when it is asked too much."""

    @property
    def refused(self) -> int:
        """How often it said so (429), since the start."""
        ...


class Metrics:
    """What is served at /metrics."""

    def __init__(
        self,
        store: Store,
        meters: Meters,
        bridges: Sequence[Bridge] = (),
        is_up: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._store, self._meters = store, meters
        self._bridges, self._is_up = bridges, is_up

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[int]:
        """Answer on loopback until the end; gives the port, a free one for 0.

        Raises:
            ConfigurationError: the port is taken.
        """
        served = web.Application()
        served.router.add_get("/metrics", self._answer)
        runner = web.AppRunner(served, access_log=None)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, HOST, port).start()
            except OSError as error:
                raise ConfigurationError(
                    SETTING, f"port {port} cannot be listened at", "name one that is free"
                ) from error
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    async def _answer(self, _: web.Request) -> web.Response:
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Told(await self._families()))
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    async def _families(self) -> list[Metric]:
        told = [*_done(self._meters), *self._platforms()]
        up = GaugeMetricFamily("jamfeed_database_up", "Whether the database answers.")
        try:
            async with self._store.read() as view:
                found, now = await standing(view), view.now
        except Unavailable:
            up.add_metric([], 0)
            return [up, *told]
        up.add_metric([], 1)
        return [up, *_stands(found, now, [it.platform for it in self._bridges]), *told]

    def _platforms(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "jamfeed_bridge_up", "Whether messages are taken in.", labels=["platform"]
        )
        pace = GaugeMetricFamily(
            "jamfeed_pace_per_second", "So many are sent in a second at most.", labels=["platform"]
        )
        refused = CounterMetricFamily(
            "jamfeed_too_many_requests", "Answers 429 of a platform.", labels=["platform"]
        )
        for it in self._bridges:
            up.add_metric([it.platform], self._is_up(it.platform))
            if it.platform in PACES:
                pace.add_metric([it.platform], PACES[it.platform].per_second)
            if isinstance(it, Limited):
                refused.add_metric([it.platform], it.refused)
        yield from (up, pace, refused)


class _Told:
    """What was asked of the database before, handed to a registry."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def _stands(found: Standing, now: datetime, served: Sequence[str]) -> Iterator[Metric]:
    queue = GaugeMetricFamily(
        "jamfeed_deliveries",
        "What is owed: due, later, or being sent.",
        labels=["platform", "state"],
    )
    ended = GaugeMetricFamily(
        "jamfeed_deliveries_week",
        "What failed, or may not have arrived, in seven days.",
        labels=["platform", "state"],
    )
    lag = GaugeMetricFamily(
        "jamfeed_delivery_lag_seconds", "How late the oldest is that waits.", labels=["platform"]
    )
    owed = {"due": found.waiting, "later": found.later, "sending": found.sending}
    lost = {"unknown": found.unknown, "failed": found.failed}
    for family, states in ((queue, owed), (ended, lost)):
        for state, counts in states.items():
            for platform in sorted({*served, *counts}):
                family.add_metric([platform, state], counts.get(platform, 0))
    for platform in sorted({*served, *found.behind}):
        lag.add_metric([platform], _late(found.behind.get(platform), now))
    yield from (queue, ended, lag)
    yield GaugeMetricFamily("jamfeed_digests_due", "Digests to be composed.", found.to_compose)
    yield GaugeMetricFamily(
        "jamfeed_digest_lag_seconds",
        "How late the oldest digest is that is not composed.",
        _late(found.oldest, now),
    )
    yield GaugeMetricFamily(
        "jamfeed_digests_made_today",
        "Digests composed since midnight UTC.",
        found.for_digests.composed,
    )
    yield GaugeMetricFamily(
        "jamfeed_digest_tokens_today",
        "Tokens of what models read for digests.",
        found.for_digests.tokens,
    )
    calls = GaugeMetricFamily(
        "jamfeed_model_calls_today", "Calls of models since midnight UTC.", labels=["model"]
    )
    tokens = GaugeMetricFamily(
        "jamfeed_model_tokens_today", "Their tokens.", labels=["model", "direction"]
    )
    cost = GaugeMetricFamily(
        "jamfeed_model_cost_today", "What they cost, as agents.yaml has it.", labels=["model"]
    )
    for it in found.models:
        calls.add_metric([it.model], it.calls)
        tokens.add_metric([it.model, "in"], it.tokens_in)
        tokens.add_metric([it.model, "out"], it.tokens_out)
        cost.add_metric([it.model], it.micros / MILLION)
    yield from (calls, tokens, cost)


def _done(meters: Meters) -> Iterator[Metric]:
    tries = CounterMetricFamily(
        "jamfeed_delivery_tries", "Tries to send, by their end.", labels=["platform", "state"]
    )
    for (platform, state), count in meters.settled.items():
        tries.add_metric([platform, state], count)
    messages = CounterMetricFamily(
        "jamfeed_messages", "Messages taken in, by their end.", labels=["platform", "state"]
    )
    for (platform, state), count in meters.messages.items():
        messages.add_metric([platform, state], count)
    broken = CounterMetricFamily(
        "jamfeed_work_failures", "Durable work that failed.", labels=["work"]
    )
    for name in meters.working:
        broken.add_metric([name], meters.broken[name])
    yield from (tries, messages, broken)
    yield _times(
        "jamfeed_message_seconds", "From a message to its answer.", "platform", meters.answering
    )
    yield _times("jamfeed_work_seconds", "Durable work, by its kind.", "work", meters.working)
    yield CounterMetricFamily("jamfeed_ticks", "Looks at what is due.", meters.ticks)
    yield GaugeMetricFamily(
        "jamfeed_last_tick_timestamp_seconds", "When the last look was.", meters.ticked_at
    )


def _times(name: str, told: str, label: str, times: Mapping[str, Times]) -> Metric:
    family = HistogramMetricFamily(name, told, labels=[label])
    bounds = [*map(str, BOUNDS), "+Inf"]
    for key, it in times.items():
        buckets = list(zip(bounds, accumulate(it.within), strict=True))
        family.add_metric([key], buckets, it.seconds)
    return family


def _late(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since is not None else 0.0
