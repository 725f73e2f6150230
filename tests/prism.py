"""Prism between us and the stand-in: it refuses what does not fit HubSpot's own description of its API.

Both come from npm when the test runs (20 seconds, 94 MB), into pytest's cache; nothing of them is kept in the project.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGES = ("@stoplight/prism-cli@5.14.2", "@opensdks/sdk-hubspot@0.0.6")
DESCRIPTIONS = ("objects", "owners", "properties")


def fetched(folder: Path) -> Path:
    """The folder of the packages, fetched where they are not there yet."""
    modules = folder / "node_modules"
    if not (modules / ".bin" / "prism").exists():
        npm = shutil.which("npm")
        assert npm, "this test needs node with npm; install them, or leave the marker out"
        own = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), *PACKAGES]
        subprocess.run(own, check=True, capture_output=True, timeout=240)
    return modules


def description(modules: Path) -> dict[str, Any]:
    """What is used of HubSpot's descriptions, in one; each keeps its own schemas."""
    whole: dict[str, Any] = {}
    for name in DESCRIPTIONS:
        text = (modules / f"@opensdks/sdk-hubspot/hubspot_crm_{name}.oas.json").read_text(encoding="utf-8")
        one = json.loads(text.replace("#/components/schemas/", f"#/components/schemas/{name}."))
        one["components"]["schemas"] = {f"{name}.{key}": each for key, each in one["components"]["schemas"].items()}
        if not whole:
            whole = one
            continue
        whole["paths"] |= one["paths"]
        for kind, entries in one["components"].items():
            whole["components"][kind] = whole["components"].get(kind, {}) | entries
    return whole


@contextmanager
def prism(folder: Path, house: str) -> Iterator[str]:
    """The URL of a Prism that asks ``house`` and refuses, either way, what does not fit."""
    modules = fetched(folder)
    (folder / "hubspot.json").write_text(json.dumps(description(modules)), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = [str(modules / ".bin" / "prism"), "proxy", "--errors", "-h", "127.0.0.1", "-p", str(port)]
    with (folder / "prism.log").open("w") as log:
        running = subprocess.Popen([*own, str(folder / "hubspot.json"), house], stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(port, running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(timeout=10)


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("prism did not start; see prism.log beside the descriptions")
