"""``worker.py`` that sweeps a few accounts at a time and writes down which: there is a middle of a sweep to be killed in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import worker
from activities.judging import Judge
from models.sweep import Span, Swept
from rules import sweeping
from settings import load_settings

JUDGED = "judged.txt"
_MOST_ACCOUNTS = 5
_LINGERS = 0.4

_real = Judge.swept


async def _noted(self: Judge, span: Span) -> Swept:
    """Judge a span; its alerts are kept by the time that it is written down, and Temporal has not heard of it yet."""
    swept = await _real(self, span)
    await asyncio.to_thread(_note, load_settings().home / JUDGED, span)
    await asyncio.sleep(_LINGERS)
    return swept


def _note(file: Path, span: Span) -> None:
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{','.join(map(str, span.buckets))}\n")


if __name__ == "__main__":
    sweeping.parts.__defaults__ = (_MOST_ACCOUNTS,)
    Judge.swept = _noted
    worker.main()
