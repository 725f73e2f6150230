"""The policy of risk signals: the words by which they are known, and which of them are a relapse in a recovery."""

from __future__ import annotations

from models.base import Id, Request


class SignalRules(Request):
    """The kinds of risk signal: a ``relapse`` ends a recovery (POST-12), what is only ``watched`` ends nothing (RISK-89).

    Without any kind every word is known.
    """

    relapse: tuple[Id, ...] = ()
    watched: tuple[Id, ...] = ()
