"""What the policy files say of each other: roles, ladders, evidence, root causes, permissions."""

from __future__ import annotations

import re
from typing import Any

from adapters.playbooks.brief_checks import brief_faults
from adapters.playbooks.concession_checks import concession_faults
from adapters.playbooks.fault import Fault
from adapters.playbooks.fix_checks import fix_faults
from adapters.playbooks.library import Library, entries, parsed
from adapters.playbooks.offer_checks import offer_faults
from adapters.playbooks.outcome_checks import outcome_faults
from adapters.playbooks.promise_checks import promise_faults
from adapters.playbooks.raci_checks import raci_faults
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from adapters.playbooks.survey_checks import survey_faults
from adapters.playbooks.triage_checks import triage_faults
from adapters.playbooks.vocabulary import ACTIVITIES, ALL_COMMANDS, CATEGORIES, FAMILIES
from adapters.playbooks.words import Words, twice, unknown, unknown_each
from models.meeting_policy import DayThirty
from models.plan import StepSpec
from models.policy import (
    CLOSING,
    CONSENT,
    QUOTE,
    ROADMAP,
    DecisionRule,
    EvidenceKind,
    FailureClass,
    Ladder,
    Permission,
    Policy,
    RootCauseRule,
    Statement,
)
from models.survey import LANGUAGES

_KEYS = {
    "ladders": "name",
    "evidence": "name",
    "permissions": "command",
    "decisions": "step",
    "root_causes": "code",
    "statements": "code",
    "patience": "failure_class",
    "roles": "",
    "raci": "activity",
    "outcomes": "outcome",
}
_OPTIONAL = (
    *("statements", "offers", "outcomes", "recovery_follows", "fix_estimates", "day_30"),
    *("eligibility", "survey", "leaving", "decisions", "risk_signals"),
)
_NEEDED = tuple(field for field in Policy.model_fields if field not in _OPTIONAL)


def policy_faults(library: Library, words: Words) -> list[Fault]:
    """Every fault of the policy files, and of what they lack together."""
    found = _across(library)
    for source in (one for one in library.policies if one.readable):
        found += shape_faults(source, Policy, source.data)
        found += _names_twice(source)
        found += _ladders(source, words) + _permissions(source, words) + _evidence(source)
        found += _root_causes(source, words) + _statements(source) + _seats(source, words)
        found += triage_faults(source, words) + concession_faults(source, words)
        found += offer_faults(source, words) + raci_faults(source, words) + brief_faults(source)
        found += promise_faults(source, words) + outcome_faults(source, words) + survey_faults(source)
        found += fix_faults(library, source, words) + _day_30(source, words)
    return found


def _across(library: Library) -> list[Fault]:
    """A field that two files set, and fields or entries that no file sets."""
    found: list[Fault] = []
    first: dict[str, Source] = {}
    for source in library.policies:
        for key in source.data:
            if key in first:
                right = f"it is set in {first[key].file} already; keep one"
                found.append(source.fault((key,), f"the policy '{key}' is set twice", right))
            first.setdefault(key, source)
    if any(source.faults for source in library.policies):
        return found
    lacking = [field for field in _NEEDED if field not in first]
    found += [Fault("policies", 1, "", f"no policy file sets '{field}'", f"write '{field}: ...'") for field in lacking]
    return found + _incomplete(first)


def _incomplete(files: dict[str, Source]) -> list[Fault]:
    standard = str(StepSpec.model_fields["ladder"].default)
    classes = [one.value for one in FailureClass]
    return [
        *_absent(
            files,
            "permissions",
            list(ALL_COMMANDS),
            "nothing is said about the command",
            "add - {command: ",
        ),
        *_absent(files, "raci", list(ACTIVITIES), "nothing is said about the activity", "add - {activity: "),
        *_absent(files, "patience", classes, "nothing is said about the failure class", "add - {failure_class: "),
        *_absent(
            files,
            "evidence",
            [CONSENT, CLOSING, ROADMAP, QUOTE],
            "no form of evidence",
            "commands ask for it; add - {name: ",
        ),
        *_absent(files, "ladders", [standard], "there is no ladder", "steps use it by default; add - {name: "),
    ]


def _absent(files: dict[str, Source], field: str, needed: list[str], wrong: str, right: str) -> list[Fault]:
    source = files.get(field)
    if source is None:
        return []
    there = [value.get(_KEYS[field]) for _, _, value in entries(source, field) if isinstance(value, dict)]
    lacking = [word for word in needed if word not in there]
    return [source.fault((field,), f"{wrong} '{word}'", f"{right}{word}, ...}}") for word in lacking]


def _names_twice(source: Source) -> list[Fault]:
    found = []
    for field, key in _KEYS.items():
        listed = entries(source, field)
        named: list[tuple[Place, object]] = [
            (place, value.get(key) if isinstance(value, dict) else value) for _, place, value in listed
        ]
        found += twice(source, named, field.rstrip("s").replace("_", " "))
    return found


def _ladders(source: Source, words: Words) -> list[Fault]:
    found = list(unknown(source, ("issue_ladder",), "ladder", source.data.get("issue_ladder"), words.ladders))
    for _, place, value in entries(source, "ladders"):
        ladder = parsed(Ladder, value)
        for n, rung in enumerate(ladder.rungs if ladder else ()):
            found += unknown(source, (*place, "rungs", n, "role"), "role", rung.role, words.roles)
    return found


def _permissions(source: Source, words: Words) -> list[Fault]:
    found = []
    for _, place, value in entries(source, "permissions"):
        rule = parsed(Permission, value)
        found += unknown(source, (*place, "command"), "command", rule.command, ALL_COMMANDS) if rule else []
        found += unknown_each(source, (*place, "roles"), "role", list(rule.roles), words.roles) if rule else []
    for _, place, value in entries(source, "decisions"):
        decided = parsed(DecisionRule, value)
        found += unknown_each(source, (*place, "roles"), "role", list(decided.roles), words.roles) if decided else []
    return found


def _evidence(source: Source) -> list[Fault]:
    kinds = [(place, parsed(EvidenceKind, value)) for _, place, value in entries(source, "evidence")]
    return [fault for place, kind in kinds if kind for fault in _patterns(source, place, kind)]


def _patterns(source: Source, place: Place, kind: EvidenceKind) -> list[Fault]:
    found = _pattern(source, (*place, "email_only"), kind.email_only) if kind.email_only else []
    broken = _pattern(source, (*place, "pattern"), kind.pattern)
    if not broken and not re.search(kind.pattern, kind.example, re.IGNORECASE | re.DOTALL):
        right = "correct the pattern or the example, which a refusal shows to people"
        broken = [source.fault((*place, "example"), "the example does not match its own pattern", right)]
    return broken + found


def _pattern(source: Source, place: Place, pattern: str) -> list[Fault]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return [source.fault(place, f"this is not a regular expression: {error}", "correct it, between single quotes")]
    return []


def _root_causes(source: Source, words: Words) -> list[Fault]:
    found = []
    for _, place, value in entries(source, "root_causes"):
        rule = parsed(RootCauseRule, value)
        if rule is None:
            continue
        found += unknown(source, (*place, "playbook"), "playbook", rule.playbook, words.playbooks)
        found += unknown(source, (*place, "category"), "category", rule.category, CATEGORIES)
        for key, modules in (("modules", rule.modules), ("blocked_modules", rule.blocked_modules)):
            found += unknown_each(source, (*place, key), "module", list(modules), words.modules)
        found += _both_ways(source, place, rule)
    return found


def _both_ways(source: Source, place: Place, rule: RootCauseRule) -> list[Fault]:
    return [
        source.fault((*place, "blocked_modules", n), f"'{module}' is allowed and blocked", "keep one of the two")
        for n, module in enumerate(rule.blocked_modules)
        if module in rule.modules
    ]


def _statements(source: Source) -> list[Fault]:
    rules = [(place, parsed(Statement, value)) for _, place, value in entries(source, "statements")]
    found: list[Fault] = []
    for place, rule in ((place, rule) for place, rule in rules if rule):
        found += unknown(source, (*place, "family"), "family", rule.family, FAMILIES)
        missing = [language for language in LANGUAGES if not rule.said.get(language, "").strip()]
        if missing:
            wrong = f"'{rule.code}' is not said in {', '.join(missing)}"
            right = f"write said with {', '.join(LANGUAGES)}"
            found.append(source.fault((*place, "said"), wrong, right))
    return found


def _day_30(source: Source, words: Words) -> list[Fault]:
    rules = parsed(DayThirty, source.data.get("day_30"))
    named = {"save": rules.save, "recovery": rules.recovery} if rules else {}
    return [
        fault for key, step in named.items() for fault in unknown(source, ("day_30", key), "step", step, words.steps)
    ]


def _seats(source: Source, words: Words) -> list[Fault]:
    named: dict[str, Any] = {key: source.data.get(key) for key in ("lead_role", "manager_role", "executive_role")}
    return [fault for key, role in named.items() for fault in unknown(source, (key,), "role", role, words.roles)]
