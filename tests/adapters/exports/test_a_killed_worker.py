"""A worker that is killed in the middle of an export: the next one goes on from what was finished."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.exports import archive
from adapters.exports.report import Report
from models.crm import AccountRecord
from settings import CHECKOUT
from tests.exports import ACCOUNT, MESSAGES, Product, Watched, asked, ids, manifest_of, objects_of, silent

ROWS = 30_000
_WRITES = """
import sys, time
from pathlib import Path
from adapters.exports import archive
from adapters.exports.report import Report
from models.crm import AccountRecord
from tests.exports import ACCOUNT, MESSAGES, Watched, asked

def slowly(progress):
    time.sleep(0.05)

order = archive.Order(asked(), AccountRecord(id=ACCOUNT, name="Kopi"), Watched(sys.argv[1]), slowly, Report(MESSAGES))
archive.build(order, Path(sys.argv[2]))
"""


@pytest.mark.parametrize("seen", ["content_notes.csv.part", "usage_days.csv.part", "export.zip.part"])
def test_a_killed_writer_leaves_nothing_half_and_what_it_finished(tmp_path: Path, seen: str) -> None:
    product = Product(tmp_path)
    rows = ((f"n{n:06}", ACCOUNT, f"note {n}", n, None) for n in range(ROWS))
    product.put("content_notes", *rows)
    product.put("usage_days", *((f"d{n:06}", ACCOUNT, n, None) for n in range(ROWS)))
    folder = tmp_path / "exports" / "export"
    _kill_when(folder, seen, product.url)
    assert not folder.with_suffix(".zip").exists()
    finished = {path.stem for path in folder.glob("*.done")}

    source = Watched(product.url)
    order = archive.Order(asked(), AccountRecord(id=ACCOUNT, name="Kopi"), source, silent, Report(MESSAGES))
    packed, manifest = archive.build(order, folder)
    assert {*source.read, *finished} == {
        "account_users",
        "content_notes",
        "content_shares",
        "reports_made",
        "usage_days",
    }
    assert finished.isdisjoint(source.read)
    assert manifest_of(packed) == manifest
    assert ids(objects_of(packed, "content_notes")) == [f"n{n:06}" for n in range(ROWS)]


def _kill_when(folder: Path, seen: str, url: str) -> None:
    """Start a writer and kill it as soon as the file is seen in its folder or beside it."""
    command = [sys.executable, "-c", _WRITES, url, str(folder)]
    writer = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | {"PYTHONPATH": str(CHECKOUT)})
    try:
        until = time.monotonic() + 60
        while not ((folder / seen).exists() or (folder.parent / seen).exists()):
            assert writer.poll() is None
            assert time.monotonic() < until
            time.sleep(0.002)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait(10)
