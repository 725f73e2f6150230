"""The local server: ours alone, on the usual ports or others, and never left behind."""

import asyncio
import os
import signal
import socket
import sys
import textwrap
import time
from contextlib import AsyncExitStack, suppress

import pytest
from temporalio.common import SearchAttributeIndexedValueType

import adapters.temporal.dev_server as dev_server
from adapters.temporal.address import ServerAddress
from adapters.temporal.connect import NoTemporal, connect
from adapters.temporal.dev_server import DevServer, cli_type
from adapters.temporal.search_attributes import register
from models.faults import PermanentFault
from settings import CHECKOUT

KEYWORD, DOUBLE = SearchAttributeIndexedValueType.KEYWORD, SearchAttributeIndexedValueType.DOUBLE


@pytest.fixture(autouse=True)
def no_temporal_settings(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


async def test_it_answers_where_its_address_file_says_and_ends_without_a_trace(tmp_path):
    async with DevServer(tmp_path, {"AccountId": KEYWORD}, in_memory=True) as server:
        assert ServerAddress.read(tmp_path) == ServerAddress(address=server.address, ui=server.ui)
        client = await connect(home=tmp_path)
        assert client.service_client.config.target_host == server.address
        pid = server.pid
    assert ServerAddress.read(tmp_path) is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_its_search_attributes_can_be_added_again_and_extended(tmp_path):
    async with DevServer(tmp_path, {"AccountId": KEYWORD}, in_memory=True):
        client = await connect(home=tmp_path)
        await register(client, {"AccountId": KEYWORD, "Arr": DOUBLE})
        await register(client, {"AccountId": KEYWORD, "Arr": DOUBLE})
        with pytest.raises(PermanentFault, match="AccountId with another type"):
            await register(client, {"AccountId": DOUBLE})


async def test_taken_ports_are_replaced_by_free_ones(tmp_path, monkeypatch):
    with socket.socket() as one, socket.socket() as two:
        for taken in (one, two):
            taken.bind(("127.0.0.1", 0))
            taken.listen()
        port, ui_port = one.getsockname()[1], two.getsockname()[1]
        monkeypatch.setattr(dev_server, "USUAL_PORT", port)
        monkeypatch.setattr(dev_server, "USUAL_UI_PORT", ui_port)
        async with DevServer(tmp_path, in_memory=True) as server:
            assert server.address != f"127.0.0.1:{port}"
            assert server.ui != f"http://127.0.0.1:{ui_port}"
            await connect(home=tmp_path)


async def test_two_that_start_at_once_get_a_port_each(tmp_path, monkeypatch):
    for name in ("USUAL_PORT", "USUAL_UI_PORT"):
        monkeypatch.setattr(dev_server, name, dev_server._free(0))
    one, two = DevServer(tmp_path / "one", in_memory=True), DevServer(tmp_path / "two", in_memory=True)
    async with AsyncExitStack() as both:
        await asyncio.gather(both.enter_async_context(one), both.enter_async_context(two))
        assert len({one.address, two.address, one.ui, two.ui}) == 4
        assert ServerAddress.read(tmp_path / "one") != ServerAddress.read(tmp_path / "two")


async def test_a_second_server_of_the_same_home_is_refused(tmp_path):
    async with DevServer(tmp_path, in_memory=True) as server:
        with pytest.raises(NoTemporal, match=f"running already at {server.address}"):
            async with DevServer(tmp_path, in_memory=True):
                pass
        await connect(home=tmp_path)


async def test_it_dies_with_a_parent_that_is_killed(tmp_path):
    parent = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from adapters.temporal.dev_server import DevServer

        async def main():
            async with DevServer(Path({str(tmp_path)!r})) as server:
                print(server.pid, flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
    """)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    server = int(await process.stdout.readline())
    os.kill(server, 0)
    process.kill()
    await process.wait()
    assert await _gone(server)
    async with DevServer(tmp_path):
        await connect(home=tmp_path)


async def _gone(pid: int) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.05)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return False


async def test_a_missing_program_gets_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoTemporal, match="'temporal' is missing; run 'make env'"):
        async with DevServer(tmp_path / "home"):
            pass


async def test_a_server_that_cannot_start_says_why_and_frees_the_home(tmp_path):
    (tmp_path / "temporal.db").mkdir()
    with pytest.raises(NoTemporal, match=r"did not start: .+\(see "):
        async with DevServer(tmp_path):
            pass
    (tmp_path / "temporal.db").rmdir()
    async with DevServer(tmp_path):
        pass


def test_types_are_spelled_as_the_command_line_wants_them():
    assert [cli_type(kind.name) for kind in SearchAttributeIndexedValueType] == [
        "Text",
        "Keyword",
        "Int",
        "Double",
        "Bool",
        "Datetime",
        "KeywordList",
    ]
