"""The one way to a Temporal client: Temporal's own settings first, else the local server of this home."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from adapters.temporal.address import ServerAddress, address_file
from models.faults import PermanentFault
from settings import load_settings

PATIENCE_SECONDS = 5.0


class NoTemporal(PermanentFault):
    """Temporal cannot be reached; the sentence says where it was looked for and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__("NoTemporal", sentence)


@cache
def quiet() -> Runtime:
    """The SDK's runtime for who has no log: what it retries by itself is not written over a terminal."""
    shown = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=shown)))


async def connect(runtime: Runtime | None = None, *, home: Path | None = None) -> Client:
    """A client with the pydantic converter, by ``TEMPORAL_*`` and ``temporal.toml``, else by the home's address file.

    ``home`` is the instance's folder (by default that of the settings). Raises NoTemporal within five seconds where
    nobody answers, where no server is named, and where Temporal's own configuration cannot be read.
    """
    config, source = _where(home or load_settings().home)
    try:
        return await asyncio.wait_for(
            Client.connect(**config, data_converter=pydantic_data_converter, runtime=runtime or quiet()),
            PATIENCE_SECONDS,
        )
    except (RuntimeError, OSError, ValueError, TimeoutError) as error:
        raise NoTemporal(
            f"No Temporal server answers at {config['target_host']} ({source}): start one with 'serve' "
            "or 'make demo', or set TEMPORAL_ADDRESS to a running one."
        ) from error


def _where(home: Path) -> tuple[ClientConnectConfig, str]:
    config = _configured()
    if "target_host" in config:
        return config, "from Temporal's own settings"
    local = ServerAddress.read(home)
    if local is None:  # never guessed: a worker on the server of another instance would do that one's work
        raise NoTemporal(
            f"No Temporal server is named: that of {home} is not running, and TEMPORAL_ADDRESS is not set. Start it with "
            "'serve' (or 'make demo'), or set TEMPORAL_ADDRESS to the one of this instance, such as 127.0.0.1:7233."
        )
    config["target_host"] = local.address
    return config, f"from {address_file(home)}"


def _configured() -> ClientConnectConfig:
    try:
        return ClientConfig.load_client_connect_config()
    except (RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise NoTemporal(
            f"Temporal's own settings cannot be read ({reason}); put right TEMPORAL_* or temporal.toml."
        ) from error
