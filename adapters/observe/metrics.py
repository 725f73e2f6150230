"""Prometheus metrics of the worker, of Temporal's SDK and of the business, on one address."""

from __future__ import annotations

import logging
import socket

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)


def runtime(address: str | None) -> Runtime:
    """The SDK's runtime, whose own warnings go to our log; with an ``address`` it serves ``/metrics`` there.

    The address is ``host:port``. Durations are in seconds and counters end in ``_total``, as Prometheus expects.
    Raises RuntimeError where the address cannot be bound; ``free_address`` finds one that can.
    """
    core = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("temporalio.core"), append_log_fields_to_message=False),
    )
    if address is None:
        return Runtime(telemetry=TelemetryConfig(logging=core))
    metrics = PrometheusConfig(
        bind_address=address, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
    )
    return Runtime(telemetry=TelemetryConfig(logging=core, metrics=metrics))


def free_address(address: str) -> str:
    """This ``host:port`` where its port is free, else the same host with a free port."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError:
            probe.bind((host.strip("[]"), 0))
        return f"{host}:{probe.getsockname()[1]}"
