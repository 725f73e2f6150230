"""A real port that fails when it is told to: the fault is made, the port is not imitated."""

from __future__ import annotations

from typing import Any


class Faulty:
    """Passes everything on to ``port``; calls of ``methods`` raise ``fault`` while there is one,
    only those whose arguments speak of ``only``.

    ``lost`` counts calls whose effect takes place although the caller hears of a fault, as when an answer is lost.
    """

    def __init__(self, port: Any, *methods: str) -> None:
        self._port = port
        self._methods = methods
        self.fault: Exception | None = None
        self.only = ""
        self.lost = 0
        self.refused = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        return self._guarded(real) if name in self._methods else real

    def _guarded(self, real: Any) -> Any:
        async def call(*args: Any, **kwargs: Any) -> Any:
            if self.fault is not None and self.only in str(args):
                self.refused += 1
                raise self.fault
            result = await real(*args, **kwargs)
            if self.lost:
                self.lost -= 1
                raise TimeoutError("the answer was lost on its way")
            return result

        return call
