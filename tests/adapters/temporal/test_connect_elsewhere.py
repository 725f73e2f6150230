"""A Temporal elsewhere, behind TLS and client certificates, is reached by Temporal's own settings alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme
from temporalio.testing import WorkflowEnvironment

import adapters.temporal.connect as connecting
from adapters.temporal.connect import NoTemporal, connect
from adapters.temporal.dev_server import find_program

NAME = "temporal.internal.example"


@pytest.fixture(autouse=True)
def no_temporal_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "temporal.toml"))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
async def behind_tls(authority: trustme.CA) -> AsyncIterator[int]:
    """The port of a server that speaks TLS only, and only with those whose certificate the authority has signed."""
    locked = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(NAME).configure_cert(locked)
    authority.configure_trust(locked)
    locked.verify_mode = ssl.CERT_REQUIRED
    locked.set_alpn_protocols(["h2"])
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=str(find_program())) as env:
        plain = env.client.service_client.config.target_host.rpartition(":")

        async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = await asyncio.open_connection(plain[0], int(plain[2]))
            await asyncio.wait((_copied(reader, there[1]), _copied(there[0], writer)))

        async with await asyncio.start_server(forward, "127.0.0.1", 0, ssl=locked) as listening:
            yield listening.sockets[0].getsockname()[1]


def _copied(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> asyncio.Task[None]:
    async def copy() -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        target.close()

    return asyncio.create_task(copy())


def configured(folder: Path, authority: trustme.CA, port: int, *, certificate: bool) -> None:
    """A ``temporal.toml`` as an administrator writes it."""
    own = authority.issue_cert("worker@followthrough.example")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    own.private_key_pem.write_to_path(str(folder / "client.key"))
    own.cert_chain_pems[0].write_to_path(str(folder / "client.pem"))
    ours = [f'client_cert_path = "{folder}/client.pem"', f'client_key_path = "{folder}/client.key"']
    lines = [
        "[profile.default]",
        f'address = "127.0.0.1:{port}"',
        "[profile.default.tls]",
        f'server_name = "{NAME}"',
        f'server_ca_cert_path = "{folder}/ca.pem"',
        *(ours if certificate else []),
    ]
    (folder / "temporal.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


async def test_a_server_with_client_certificates_is_reached_by_temporal_toml(
    tmp_path: Path, authority: trustme.CA, behind_tls: int
) -> None:
    configured(tmp_path, authority, behind_tls, certificate=True)
    client = await connect(home=tmp_path)
    assert (await client.count_workflows()).count == 0


async def test_who_has_no_certificate_gets_one_line(tmp_path: Path, authority: trustme.CA, behind_tls: int) -> None:
    configured(tmp_path, authority, behind_tls, certificate=False)
    with pytest.raises(NoTemporal, match=rf"127\.0\.0\.1:{behind_tls} \(from Temporal's own settings\)") as refused:
        await connect(home=tmp_path)
    assert "\n" not in refused.value.sentence


async def test_the_key_to_a_server_that_is_not_reached_stands_in_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:9")
    monkeypatch.setenv("TEMPORAL_API_KEY", "key-that-nobody-may-read")
    monkeypatch.setattr(connecting, "PATIENCE_SECONDS", 2.0)
    assert connecting._configured()["api_key"] == "key-that-nobody-may-read"
    with pytest.raises(NoTemporal) as refused:
        await connect(home=tmp_path)
    assert "nobody-may-read" not in refused.value.sentence + repr(refused.value.__cause__)
