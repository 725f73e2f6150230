"""The web program as a process: it says where it listens, answers, and ends when it is told to."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import httpx2

from settings import CHECKOUT
from tests.company import moved_in
from tests.web.senders import EXAMPLES, signed


async def test_it_takes_a_free_port_hears_whose_secret_is_set_and_ends_by_a_signal(
    founded: Path, tmp_path: Path
) -> None:
    home = moved_in(founded, tmp_path / "home").home
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FOLLOWTHROUGH_", "TEMPORAL_"))}
    own = {
        "FOLLOWTHROUGH_HOME": str(home),
        "FOLLOWTHROUGH_SEGMENT_WEBHOOK_SECRET": "segment-secret-4711",
        "TEMPORAL_CONFIG_FILE": str(tmp_path / "none.toml"),
    }
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, str(CHECKOUT / "starter.py"), "web"),
        env=kept | own,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert program.stdout is not None
    async with asyncio.timeout(60):
        said = (await program.stdout.readline()).decode()
        while b"running on" not in await program.stdout.readline():
            pass
    found = re.search(r"http://127\.0\.0\.1:\d+; it hears segment\.", said)
    assert found, said
    async with httpx2.AsyncClient(base_url=found[0].partition(";")[0]) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        body = EXAMPLES["segment"]
        answer = await client.post("/webhooks/segment", content=body, headers=signed("segment", body))
        assert answer.json()["new"] == 1
        assert (await client.post("/webhooks/stripe", content=EXAMPLES["stripe"])).status_code == 404
    program.send_signal(signal.SIGTERM)
    rest, _ = await asyncio.wait_for(program.communicate(), 30)
    assert program.returncode == 0
    assert b"what it kept goes on at the next start" in rest
    assert b"4711" not in rest
