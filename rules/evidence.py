"""Whether evidence proves a step: its form, its required contents, and the decision that the step asks for."""

from __future__ import annotations

import re

from models.case import Case, RefusalType
from models.commands import EvidenceGiven
from models.plan import Content, StepSpec
from models.policy import COMMITMENTS, EvidenceKind
from models.promise import PromiseState
from models.step import Evidence, EvidenceItem
from rules import absolute_dates
from rules.refusal import Refused, one_of
from rules.routing import policy_of

_PROMISE = re.compile(r"\bpromise_\d+\b")


def accept(case: Case, spec: StepSpec, given: EvidenceGiven, *, email_only: bool) -> Evidence:
    """The evidence as the case keeps it. Raises ``Refused(EvidenceMissing)`` saying what would prove the step.

    ``email_only``: the customer asked for email and is not forced into a call (DIS-7).
    """
    _check_form(case, spec, given, email_only=email_only)
    _check_register(case, spec, given.text)
    _check_contents(spec, given)
    _check_decision(spec, given)
    items = tuple(
        EvidenceItem(content=c.id, text=given.items[c.id].strip()) for c in spec.contents if c.id in given.items
    )
    return Evidence(text=given.text.strip(), items=items, decision=given.decision)


def check(case: Case, form: str, text: str, refusal: RefusalType, wanted: str, example: str = "") -> None:
    """Raises ``Refused`` of that type unless a text that a command gives has the form that the policy names so.

    ``example`` is shown in place of that of the form.
    """
    kind = next((kind for kind in policy_of(case).evidence if kind.name == form), None)
    if kind and not _fits(kind, text.strip(), email_only=False):
        raise Refused(refusal, f"{wanted}{_enough(kind, example)}")


def _check_form(case: Case, spec: StepSpec, given: EvidenceGiven, *, email_only: bool) -> None:
    kind = next((kind for kind in policy_of(case).evidence if kind.name == spec.evidence.kind), None)
    text = given.text.strip()
    if (given.items and not text and spec.contents) or (kind is not None and _fits(kind, text, email_only=email_only)):
        return
    what = f" ({spec.evidence.what})" if spec.evidence.what else ""
    wanted = f"{spec.id} needs 'evidence' of the kind {spec.evidence.kind}{what}"
    enough = _enough(kind, spec.evidence.example, email_only=email_only) if kind else ""
    raise Refused(RefusalType.EVIDENCE_MISSING, f"{wanted}{enough}{_besides(spec, given)}")


def _enough(kind: EvidenceKind, example: str, *, email_only: bool = False) -> str:
    """What would prove it, in words and as an example."""
    words = f"; enough is {kind.enough}" if kind.enough else ""
    email = ", or an email in its place, since they want email alone" if email_only and kind.email_only else ""
    return f"{words}{email}, for example '{example or kind.example}'"


def _besides(spec: StepSpec, given: EvidenceGiven) -> str:
    """What else the step asks for, so that nobody hears it one refusal later."""
    items = [content for content in spec.contents if not given.items.get(content.id, "").strip()]
    said = f"; under 'items', which also do without it: {_listed(items)}" if items else ""
    choices = spec.evidence.decisions
    return f"{said}; and a 'decision': {one_of(choices)}" if choices and given.decision not in choices else said


def _listed(contents: list[Content]) -> str:
    return one_of(f"{content.id} ({content.what})" for content in contents)


def _fits(kind: EvidenceKind, text: str, *, email_only: bool) -> bool:
    patterns = [kind.pattern] + ([kind.email_only] if email_only and kind.email_only else [])
    return any(re.search(pattern, text, re.IGNORECASE | re.DOTALL) for pattern in patterns)


def _check_register(case: Case, spec: StepSpec, text: str) -> None:
    """What is promised in a step stands on the register, with an owner and a date (SAVE-29, PLAY-62)."""
    if spec.evidence.kind != COMMITMENTS:
        return
    there = {one.id for one in case.commitments if one.state is not PromiseState.WITHDRAWN}
    named = _PROMISE.findall(text)
    if unknown := sorted(set(named) - there) or ([] if named else ["no promise"]):
        known = one_of(sorted(there)) or "none yet"
        raise Refused(
            RefusalType.EVIDENCE_MISSING,
            f"{spec.id} names {one_of(unknown)}, and must name promises of the register: {known}; 'make_commitment' puts "
            "one there, with its owner and its date",
        )


def _check_contents(spec: StepSpec, given: EvidenceGiven) -> None:
    missing = [content for content in spec.contents if not given.items.get(content.id, "").strip()]
    if missing:
        raise Refused(RefusalType.EVIDENCE_MISSING, f"{spec.id} still lacks, under 'items': {_listed(missing)}")
    undated = [c for c in spec.contents if c.dated and not absolute_dates.named(given.items[c.id])]
    if undated:
        wanted = _listed(undated)
        raise Refused(RefusalType.EVIDENCE_MISSING, f"{spec.id} needs a date, such as 2027-03-31, under: {wanted}")
    unknown = set(given.items) - {content.id for content in spec.contents}
    if unknown:
        known = one_of(content.id for content in spec.contents)
        raise Refused(
            RefusalType.EVIDENCE_MISSING, f"{spec.id} has no item {one_of(sorted(unknown))}; its items: {known}"
        )


def _check_decision(spec: StepSpec, given: EvidenceGiven) -> None:
    choices = spec.evidence.decisions
    if choices and given.decision not in choices:
        raise Refused(RefusalType.EVIDENCE_MISSING, f"{spec.id} needs a 'decision': {one_of(choices)}")
    if given.decision and not choices:
        raise Refused(RefusalType.EVIDENCE_MISSING, f"{spec.id} asks for no decision; leave 'decision' out")
