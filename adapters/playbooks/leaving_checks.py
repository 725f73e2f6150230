"""Whether the policies of leaving can be followed: whom they are for, known roles, time limits and retention in order."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, combinations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import LEAVING, POLICIES, Library, parsed
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, twice, unknown, unknown_each
from models.calendar import ZERO, Offset
from models.eligibility import STRATEGIC, EligibilityRules, StatedReason
from models.leaving import LeavingPolicy, Scope

_LISTS = ("addressable", "structural", "signed_elsewhere", "firm")
_MONTH = 31


def leaving_faults(library: Library, words: Words) -> list[Fault]:
    """Every fault of the policies of leaving and of the rules of eligibility."""
    found = [fault for source in library.policies for fault in _eligibility(source, words)]
    for stem, source in library.leaving:
        found += source.faults
        if source.readable:
            found += _file(stem, source, words)
    return found + _together(library)


def _file(stem: str, source: Source, words: Words) -> list[Fault]:
    found = [_explained(fault) for fault in shape_faults(source, LeavingPolicy, source.data)]
    policy = parsed(LeavingPolicy, source.data)
    if policy is None:
        return found
    if policy.name != stem:
        wrong = f"the name '{policy.name}' is not that of the file"
        found.append(source.fault(("name",), wrong, f"write 'name: {stem}'"))
    return [*found, *_roles(source, policy, words), *_times(source, policy), *_retention(source, policy)]


def _explained(fault: Fault) -> Fault:
    if fault.wrong != "'retention' is missing":
        return fault
    right = (
        "say how long data is retrievable and kept, and when backups are purged; there is no silent default (AMB-24)"
    )
    return fault._replace(right=right)


def _roles(source: Source, policy: LeavingPolicy, words: Words) -> list[Fault]:
    found = unknown(source, ("waiver", "role"), "role", policy.waiver.role, words.roles)
    for n, rule in enumerate(policy.approvals):
        found += unknown(source, ("approvals", n, "role"), "role", rule.role, words.roles)
    named: list[tuple[Place, object]] = [
        (("approvals", n, "when"), rule.when.value) for n, rule in enumerate(policy.approvals)
    ]
    return found + twice(source, named, "approval")


def _times(source: Source, policy: LeavingPolicy) -> list[Fault]:
    """A limit of no time at all would be missed at once."""
    limits: dict[Place, Offset] = {
        ("acknowledgement", "soft", "within"): policy.acknowledgement.soft.within,
        ("acknowledgement", "hard", "within"): policy.acknowledgement.hard.within,
        ("follow_up", "within"): policy.follow_up.within,
        ("win_back", "contact_every"): policy.win_back.contact_every,
    }
    limits |= {("approvals", n, "within"): rule.within for n, rule in enumerate(policy.approvals)}
    limits |= {
        ("personal_data", n, "answer", "within"): law.answer.within for n, law in enumerate(policy.personal_data)
    }
    right = "write a duration like PT24H or P1D"
    return [
        source.fault(place, f"'{place[-1]}' gives no time", right) for place, time in limits.items() if time == ZERO
    ]


def _retention(source: Source, policy: LeavingPolicy) -> list[Fault]:
    kept = policy.retention
    found: list[Fault] = []
    if _longer(kept.retrievable, kept.kept):
        wrong = f"data can be fetched for {kept.retrievable} and is deleted after {kept.kept}"
        found.append(source.fault(("retention", "retrievable"), wrong, f"write at most {kept.kept}"))
    if _longer(kept.kept, kept.backups_purged_by):
        wrong = f"the backups are purged by {kept.backups_purged_by}, before the data is deleted after {kept.kept}"
        found.append(source.fault(("retention", "backups_purged_by"), wrong, f"write at least {kept.kept}"))
    return found


def _longer(one: Offset, other: Offset) -> bool:
    return _about(one) > _about(other)


def _about(time: Offset) -> timedelta:
    return timedelta(days=_MONTH * time.months + time.days, minutes=time.minutes)


def _together(library: Library) -> list[Fault]:
    """Every account has exactly one narrowest policy, and somebody says who is spoken to about staying."""
    if not library.leaving:
        return []
    scopes = [(source, parsed(Scope, source.data.get("applies_to"))) for _, source in library.leaving]
    known = [(source, scope) for source, scope in scopes if scope]
    whole = len(known) == len(scopes)
    found = [_overlap(one, other) for one, other in combinations(known, 2) if _tangled(one[1], other[1])]
    if whole and not any(_is_everybody(scope) for _, scope in known):
        wrong = "no policy is for everybody else"
        right = "add one whose 'applies_to' has a rule alone, such as default.yaml"
        found.append(Fault(f"{POLICIES}/{LEAVING}", 1, "", wrong, right))
    if not any("eligibility" in source.data for source in library.policies):
        right = "write 'eligibility: ...', such as in policies/eligibility.yaml"
        found.append(Fault(f"{POLICIES}/{LEAVING}", 1, "", "no policy file sets 'eligibility'", right))
    return found


def _overlap(one: tuple[Source, Scope], other: tuple[Source, Scope]) -> Fault:
    wrong = f"an account can be under this policy and under {one[0].file}, and neither is the narrower"
    return other[0].fault(("applies_to",), wrong, "let one contain the other, or let them have no account in common")


def _tangled(one: Scope, other: Scope) -> bool:
    return one.meets(other) and one.is_within(other) == other.is_within(one)


def _is_everybody(scope: Scope) -> bool:
    return not scope.jurisdictions and not scope.customer_types and scope.switching is None


def _eligibility(source: Source, words: Words) -> list[Fault]:
    value = source.data.get("eligibility")
    rules = parsed(EligibilityRules, value) if value is not None else None
    if rules is None:
        return []
    found = []
    for field in ("high_value_severities", "low_value_severities"):
        named = list(getattr(rules, field))
        found += unknown_each(source, ("eligibility", field), "severity", named, words.severities)
    for field in ("override_roles", "sales_roles"):
        found += unknown_each(source, ("eligibility", field), "role", list(getattr(rules, field)), words.roles)
    for severity, role in rules.save_leader.items():
        place = ("eligibility", "save_leader", severity)
        found += unknown(source, place, "severity", severity, [*words.severities, STRATEGIC])
        found += unknown(source, place, "role", role, words.roles)
    return found + _reasons(source, rules)


def _reasons(source: Source, rules: EligibilityRules) -> list[Fault]:
    lists: list[list[tuple[Place, object]]] = [
        [(("eligibility", field, n), str(reason)) for n, reason in enumerate(_of(rules, field))] for field in _LISTS
    ]
    return twice(source, list(chain.from_iterable(lists)), "reason")


def _of(rules: EligibilityRules, field: str) -> tuple[StatedReason, ...]:
    reasons: tuple[StatedReason, ...] = getattr(rules, field)
    return reasons
