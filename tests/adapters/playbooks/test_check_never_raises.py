"""Whatever a file holds, the check answers with faults."""

from __future__ import annotations

import string
from collections.abc import Sequence
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.playbooks.check import check
from adapters.playbooks.fault import Fault
from models import automatic, concession_policy, eligibility, leaving, offer, plan, playbook, policy, raci

MODELS = (
    playbook.Playbook,
    plan.StepSpec,
    plan.When,
    plan.EvidenceRule,
    plan.Condition,
    plan.Until,
    automatic.Automatic,
)
RULES = (
    policy.Policy,
    policy.Ladder,
    policy.Rung,
    policy.EvidenceKind,
    policy.Permission,
    policy.TriageRules,
    policy.Cell,
    policy.Band,
    policy.RootCauseRule,
    concession_policy.ConcessionRules,
    concession_policy.ConcessionRung,
    concession_policy.OfferLetter,
    offer.OfferSpec,
    raci.RaciRule,
    raci.RaciException,
    eligibility.EligibilityRules,
    leaving.LeavingPolicy,
    leaving.Scope,
    leaving.Retention,
    leaving.ApprovalRule,
)
KEYS = st.sampled_from(["with", *(name for model in (*MODELS, *RULES) for name in model.model_fields)])
WORDS = st.one_of(
    st.sampled_from(
        ["spine", "child", "csm", "P1D", "PT0H", "step:first_call", "opened", "save", "(", "call", "P9999999Y"]
    ),
    st.text(string.printable, max_size=12),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
)
VALUES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=6),
    max_leaves=25,
)
TREES = st.dictionaries(KEYS, VALUES, max_size=8)
CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def faults_of(library: Path, file: str, text: str) -> Sequence[Fault]:
    """What the check says of the library once a file holds that text."""
    (library / file).write_text(text, encoding="utf-8", errors="replace", newline="")
    return check(library)


def says_what_to_do(fault: Fault) -> bool:
    """Whether a fault has a line, what is wrong in it, and what would be right."""
    return fault.line >= 1 and bool(fault.wrong) and bool(fault.right)


@given(text=st.text(st.characters(codec="utf-8"), max_size=200))
@CALM
def test_any_text_gets_faults_and_no_error(library: Path, text: str) -> None:
    assert all(map(says_what_to_do, faults_of(library, "save/spine.yaml", text)))


@given(tree=TREES)
@CALM
def test_any_tree_in_a_playbook_gets_faults_and_no_error(library: Path, tree: dict[str, object]) -> None:
    assert all(map(says_what_to_do, faults_of(library, "save/spine.yaml", yaml.safe_dump(tree))))


@given(tree=TREES)
@CALM
def test_any_tree_in_a_policy_gets_faults_and_no_error(library: Path, tree: dict[str, object]) -> None:
    assert all(map(says_what_to_do, faults_of(library, "policies/all.yaml", yaml.safe_dump(tree))))


@given(tree=TREES)
@CALM
def test_any_tree_in_a_policy_of_leaving_gets_faults_and_no_error(library: Path, tree: dict[str, object]) -> None:
    (library / "policies/leaving").mkdir(exist_ok=True)
    assert all(map(says_what_to_do, faults_of(library, "policies/leaving/default.yaml", yaml.safe_dump(tree))))


@given(cut=st.integers(0, 4000), put=st.text("\t:-[]{}'\"&*!|>%@`#\n ax1", max_size=3))
@CALM
def test_a_slip_of_the_hand_in_a_policy_of_leaving_gets_faults_and_no_error(
    library: Path, shipped: Path, cut: int, put: str
) -> None:
    (library / "policies/leaving").mkdir(exist_ok=True)
    text = (shipped / "policies/leaving/default.yaml").read_text(encoding="utf-8")
    at = cut % len(text)
    assert all(
        map(says_what_to_do, faults_of(library, "policies/leaving/default.yaml", text[:at] + put + text[at + 1 :]))
    )


@given(cut=st.integers(0, 2000), put=st.text("\t:-[]{}'\"&*!|>%@`#\n ax1", max_size=3))
@CALM
def test_a_slip_of_the_hand_gets_faults_and_no_error(library: Path, cut: int, put: str) -> None:
    text = (library / "save/child.yaml").read_text(encoding="utf-8")
    at = cut % len(text)
    assert all(map(says_what_to_do, faults_of(library, "save/spine.yaml", text[:at] + put + text[at + 1 :])))
