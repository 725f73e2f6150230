"""Whatever is killed and whenever: the same effects as in an undisturbed run, once each."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from settings import CHECKOUT
from tests.chaos.stories import a_save
from tests.chaos.storm import Effects, Storm, effects_of
from tests.company import ACCOUNT, moved_in

FEW = (ACCOUNT, "acc-0001")
MANY = (*FEW, "acc-0003")
SEED = 20_260_216


def assert_once_each(effects: Effects) -> None:
    for kind in fields(Effects):
        keys = getattr(effects, kind.name)
        assert keys, f"the story has {kind.name}"
        assert max(Counter(key.split(" ")[0] for key in keys).values()) == 1, kind.name


async def test_three_kills_change_no_effect(founded: Path, tmp_path: Path):
    calm = Storm(moved_in(founded, tmp_path / "calm"), FEW, SEED, 0, a_save)
    stormy = Storm(moved_in(founded, tmp_path / "stormy"), FEW, SEED, 3, a_save)
    await calm.play()
    await stormy.play()
    assert stormy.killed == 3
    left = await effects_of(stormy.settings)
    assert_once_each(left)
    assert left == await effects_of(calm.settings)


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_twenty_kills_and_worse_change_no_effect(founded: Path, tmp_path: Path):
    began = time.monotonic()
    calm = Storm(moved_in(founded, tmp_path / "calm"), MANY, SEED, 0, a_save)
    await calm.play()
    stormy = Storm(
        moved_in(founded, tmp_path / "stormy"),
        MANY,
        SEED,
        20,
        a_save,
        database_locked=10,
        server_killed=True,
        faulty=True,
    )
    await stormy.play()
    left, wanted = await effects_of(stormy.settings), await effects_of(calm.settings)
    await asyncio.to_thread(report, stormy, left, wanted, time.monotonic() - began)
    assert stormy.killed == 20
    assert_once_each(left)
    assert left == wanted


def report(stormy: Storm, left: Effects, wanted: Effects, seconds: float) -> None:
    """Write the result as a table to ``out/chaos.md``, and what it compares to ``out/chaos.json``."""
    out = CHECKOUT / "out"
    out.mkdir(exist_ok=True)
    rows = []
    for kind in fields(Effects):
        calm, storm = set(getattr(wanted, kind.name)), getattr(left, kind.name)
        doubled = len(storm) - len(set(storm))
        rows.append(f"| {kind.name} | {len(calm)} | {len(storm)} | {len(calm - set(storm))} | {doubled} |")
    head = f"{len(stormy.accounts)} cases, {stormy.killed} SIGKILLs of the worker; {'; '.join(stormy.extra)}; "
    head += f"each write of the CRM and the mail fails twice. Seed {stormy.seed}, {seconds:.0f} s.\n\n"
    table = "| effects | undisturbed | under chaos | missing | twice |\n|---|---|---|---|---|\n" + "\n".join(rows)
    (out / "chaos.md").write_text(f"{head}{table}\n", encoding="utf-8")
    both = {"undisturbed": vars(wanted), "chaos": vars(left)}
    (out / "chaos.json").write_text(json.dumps(both, indent=1), encoding="utf-8")
    shutil.copy(stormy.settings.home / "worker.log", out / "chaos-worker.log")
