"""What a Prometheus reads, by a real request."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bridges.metering import Meters
from bridges.metrics import Metrics
from bridges.outbox import Outbox
from bridges.pace import Pace
from bridges.protocol import Part
from bridges.status import lines
from feed_core.bus import Bus
from feed_core.errors import ConfigurationError, Unavailable, Unknown
from feed_core.models.deliveries import Delivery
from feed_core.models.ledger import ModelCall
from feed_core.services import inbox
from feed_core.services.standing import standing
from feed_core.states import InboxState
from feed_core.store import Store
from tests.fakes.bridge import RecordingBridge, raising
from tests.fakes.clock import FixedClock
from tests.fakes.community import join

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


async def scraped(metrics: Metrics) -> tuple[str, Samples]:
    async with metrics.serving(0) as port, httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.text, {
        (it.name, frozenset(it.labels.items())): it.value
        for family in text_string_to_metric_families(answer.text)
        for it in family.samples
    }


def of(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


class Pushing(RecordingBridge):
    """Its platform has said three times that it was asked too much."""

    refused = 3


async def shown(delivery: Delivery) -> Part:
    return Part(f"canary {delivery.subject_id}")


async def owe(store: Store, account: int, *seconds: int) -> None:
    """What is due so many seconds from now."""
    for number in seconds:
        async with store.work() as work:
            work.db.add(
                Delivery(
                    key=f"canary:{number}",
                    identity_id=account,
                    platform="telegram",
                    kind="digest",
                    subject_id=7,
                    due_at=work.now + timedelta(seconds=number),
                )
            )


@pytest.mark.anywhere
async def test_a_scrape_tells_what_waits_what_went_and_what_it_cost_and_of_nobody(
    store: Store, bus: Bus
) -> None:
    meters, bridge = Meters(), Pushing("telegram")
    bus.subscribe(meters.hear)
    ana, account = await join(store, "Canary", platform="telegram")
    await owe(store, account, -90, -60, -30, 600)
    bridge.before = [raising(Unknown("telegram")), raising(Unavailable("telegram"))]
    paces = {"telegram": Pace(limit=5.0, repeats=())}
    await Outbox(store, bus, [bridge], shown, lambda _: True, paces).step()
    await owe(store, account, -20, -10)
    async with store.work() as work:
        for tokens, settled in ((1_000, True), (500, True), (9_000, False)):
            work.db.add(
                ModelCall(
                    member_id=ana,
                    purpose="talk",
                    model="large",
                    tokens_in=tokens,
                    tokens_out=tokens // 10,
                    micros=tokens * 3,
                    settled=settled,
                    at=work.now,
                )
            )
        number = await inbox.receive(work, platform="telegram", update_id="1", payload={})
        assert number is not None
        await inbox.finish(work, number, state=InboxState.ANSWERED)
    compose = meters.timed("compose", raising(ValueError("canary")))
    with pytest.raises(ValueError, match="canary"):
        await compose()
    meters.ticked()

    told, samples = await scraped(Metrics(store, meters, [bridge], lambda _: True))

    there = {"platform": "telegram"}
    assert of(samples, "jamfeed_database_up") == 1
    assert of(samples, "jamfeed_bridge_up", **there) == 1
    assert of(samples, "jamfeed_pace_per_second", **there) == 28
    assert of(samples, "jamfeed_too_many_requests_total", **there) == 3
    assert of(samples, "jamfeed_deliveries", state="due", **there) == 2
    assert of(samples, "jamfeed_deliveries", state="later", **there) == 2
    assert of(samples, "jamfeed_deliveries_week", state="unknown", **there) == 1
    assert of(samples, "jamfeed_delivery_lag_seconds", **there) == 20
    for state in ("sent", "unknown", "pending"):
        assert of(samples, "jamfeed_delivery_tries_total", state=state, **there) == 1
    assert of(samples, "jamfeed_messages_total", state="answered", **there) == 1
    assert of(samples, "jamfeed_message_seconds_bucket", le="0.05", **there) == 1
    assert of(samples, "jamfeed_model_calls_today", model="large") == 2
    assert of(samples, "jamfeed_model_tokens_today", model="large", direction="in") == 1_500
    assert of(samples, "jamfeed_model_cost_today", model="large") == pytest.approx(0.0045)
    assert of(samples, "jamfeed_work_failures_total", work="compose") == 1
    assert of(samples, "jamfeed_work_seconds_count", work="compose") == 1
    assert of(samples, "jamfeed_ticks_total") == 1
    assert of(samples, "process_resident_memory_bytes") > 0
    assert "anary" not in told
    async with store.read() as view:
        said = lines(await standing(view), now=view.now)
    assert "to be sent  telegram 2; the oldest is 20 s late" in said
    assert "on the way  none; due later: telegram 2" in said
    assert "sent        telegram 1 of at most 1,680 in the last minute" in said
    assert any(it.startswith("models      2 calls, 0 tokens today") for it in said)


async def test_without_its_database_a_process_tells_what_it_knows(bus: Bus) -> None:
    store = Store("postgresql://nobody@127.0.0.1:9/feed", FixedClock(NOW), bus)

    _, samples = await scraped(Metrics(store, Meters(), [Pushing("telegram")]))
    await store.close()

    assert of(samples, "jamfeed_database_up") == 0
    assert of(samples, "jamfeed_bridge_up", platform="telegram") == 0
    assert ("jamfeed_digests_due", frozenset()) not in samples


async def test_a_port_that_is_taken_is_said(store: Store) -> None:
    metrics = Metrics(store, Meters())
    async with metrics.serving(0) as port:
        with pytest.raises(ConfigurationError, match="JAMFEED_METRICS_PORT"):
            await Metrics(store, Meters()).serving(port).__aenter__()
