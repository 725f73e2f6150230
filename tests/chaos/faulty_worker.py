"""``worker.py`` with parts that fail now and then: each call of a write fails twice before it goes through, or after."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import parts
import worker
from models.faults import TransientFault

_tries: Counter[str] = Counter()
FAILS = 2


class Failing:
    """A real port whose writes fail ``FAILS`` times for each request; the last time only their answer is lost."""

    def __init__(self, port: Any, *methods: str) -> None:
        self._port = port
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        return self._failing(real) if name in self._methods else real

    def _failing(self, real: Any) -> Any:
        async def call(*args: Any) -> Any:
            key = f"{real.__name__}{args[-1] if isinstance(args[-1], str) else args[-1].key}"
            _tries[key] += 1
            if _tries[key] < FAILS:
                raise TransientFault("made to fail")
            result = await real(*args)
            if _tries[key] == FAILS:
                raise TransientFault("made to lose its answer")
            return result

        return call


_build = parts._parts


def _shaky(*args: Any) -> Any:
    built = _build(*args)
    crm, email = Failing(built.crm, "sync_tasks", "add_note"), Failing(built.email, "send")
    return replace(built, crm=crm, email=email)  # type: ignore[arg-type]


parts._parts = _shaky

if __name__ == "__main__":
    worker.main()
