"""What detection says of an account is a word that every case knows: an alert that a case refuses would be lost."""

from __future__ import annotations

from pathlib import Path

from adapters.playbooks.folder import FolderPlaybooks
from models.alerts import DERIVED, heard_as
from models.policy import Policy
from rules.deferring import REASON
from rules.hearing import CANCELLATION
from rules.risk_kinds import known
from tests.unit.rules.plans import POLICY

PLAYBOOKS = FolderPlaybooks(Path("playbooks"))


def unknown(words: set[str], policy: Policy) -> set[str]:
    return words - set(known(policy))


async def test_every_rule_and_signal_of_detection_is_known_to_a_case() -> None:  # RISK-9..24, RISK-70..89
    rules = await PLAYBOOKS.detection()
    told = {
        REASON,
        CANCELLATION,
        *DERIVED,
        *(heard_as(one.id, one.kind) for one in rules.combinations),
        *(rule.id for rule in rules.rules),
        *(signal.kind for signal in rules.signals),
    }
    assert len(told) > 50
    assert unknown(told, POLICY) == set()
    assert unknown({"nonsense_kind"}, POLICY) == {"nonsense_kind"}
