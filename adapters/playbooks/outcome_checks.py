"""Whether the policy of outcomes speaks of known outcomes, roles and fields of ``close``, each outcome once."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import entries, parsed
from adapters.playbooks.source import Source
from adapters.playbooks.words import Words, unknown, unknown_each
from models.commands import CloseSave
from models.outcome_policy import OutcomePolicy
from models.save import SaveOutcome
from rules.save import proving

_OUTCOMES = tuple(one.value for one in SaveOutcome if one is not SaveOutcome.REJECTED)
_OF_THE_CASE = ("root_cause", "stated_reason", "window", "probability")
_ASKED = (field for field in CloseSave.model_fields if field not in ("outcome", "notes", "by", "without_quotes"))
_FIELDS = (*_ASKED, *_OF_THE_CASE, *proving.NAMES)


def outcome_faults(source: Source, words: Words) -> list[Fault]:
    """Every fault of the policy of outcomes beyond its shape."""
    found: list[Fault] = []
    for _, place, value in entries(source, "outcomes"):
        if rule := parsed(OutcomePolicy, value):
            found += unknown(source, (*place, "outcome"), "outcome", rule.outcome, _OUTCOMES)
            found += unknown(source, (*place, "owed_by"), "role", rule.owed_by, words.roles)
            found += unknown_each(source, (*place, "needs"), "field of an outcome", list(rule.needs), _FIELDS)
    return found
