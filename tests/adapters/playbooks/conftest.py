"""A small library without faults, and a way to break it in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.playbooks.folder import FolderPlaybooks
from adapters.playbooks.vocabulary import ACTIVITIES, ALL_COMMANDS
from models.plan import Plan

SPINE = """\
name: spine
version: 1
title: "A small spine"
kind: save
trigger: {cited_reasons: [product_bug], statements: [no_roi]}
modules: [quick_fix]
steps:
  - id: first_call
    title: "Call the customer"
    owner: csm
    with: [support]
    opens: PT1H
    due: PT48H
    warn: PT24H
    reaches: contacted
    template: hello
    ladder: standard
    evidence: {kind: call, decisions: [stay, leave]}
  - id: second_step
    title: "Answer what was said"
    owner: support
    due: {after: "step:first_call", offset: P3D, clock: day_end}
    condition: {step: first_call, decision: stay}
    contents:
      - {id: one, what: "the first thing"}
  - id: weekly
    title: "Write every week"
    owner: csm
    recur: P7D
    until: {step: second_step}
offers:
  - {id: discount, kind: discount, what: "a fifth off", limit_pct: 20, approval: discount_ladder}
"""
CHILD = """\
name: child
version: 1
title: "A child of the spine"
extends: spine
steps:
  - id: third_step
    title: "Something more"
    owner: csm
    due: {after: "step:second_step", offset: P1D}
    evidence: {kind: note}
"""
POLICY = """\
warn_percent: 75
lead_role: csm
manager_role: csm
executive_role: csm
roles:
  - csm
  - support
digest_window: PT30M
task_closings_within: PT24H
no_contact_after: 5
reopened_due: PT24H
import_grace: PT48H
longest_hold: P90D
kept_timeline: 200
held_waits: [PT0H, PT1H]
issue_ladder: standard
ladders:
  - name: standard
    rungs:
      - {role: csm, after: PT24H}
evidence:
  - name: note
    pattern: '^.{10,}$'
    example: "a note of some length"
  - name: call
    pattern: '^call .{10,}$'
    example: "call 4711: a word was spoken"
  - {name: consent, pattern: '^.{10,}$', example: "agreed by email"}
  - {name: closing, pattern: '^.{10,}$', example: "signed renewal"}
  - {name: roadmap, pattern: '^.{10,}$', example: "product confirmed it"}
  - {name: quote, pattern: '^.{10,}$', example: "what they said"}
root_causes:
  - code: product_bug
    category: product_fit
    title: "A bug"
    playbook: spine
    modules: [quick_fix]
    blocked_modules: [cheap_fix]
statements:
  - code: no_roi
    family: direct
    phrase: "No ROI"
    said: {en: "No ROI", ms: "Tiada ROI", id: "Tidak ada ROI"}
    meaning: "Not worth it"
patience:
  - {failure_class: NOTIFY, waits: [PT5M]}
  - {failure_class: BULK, waits: [PT5M]}
  - {failure_class: MONEY, waits: [PT5M]}
  - {failure_class: RECORD, waits: [PT5M]}
triage:
  bands:
    - {severity: critical, from_arr: 100000}
    - {severity: low, from_arr: 0}
  urgencies:
    - {urgency: medium, to_days: 90}
  matrix:
    - {severity: critical, urgency: medium, respond: PT24H, resources: "CSM"}
    - {severity: low, urgency: medium, respond: P7D, resources: "CSM"}
concessions:
  ladder:
    - {up_to_pct: 15, role: csm}
    - {up_to_pct: 100, role: support, needs_reason: true}
  ties: [reference, testimonial]
  blocked_categories: [value_perception]
  price_kinds: [discount, bridge]
  cooldown: P12M
  budget_minor: 1500000
  budget_currency: USD
  valid_for: P14D
  approval_within: PT24H
  applied_by: csm
  applied_within: PT48H
  letters:
    - {template: hello, kinds: [bridge]}
  told_within: PT12H
  decide_ahead: P14D
brief:
  look_back_days: 90
  trend: {window_days: 14, least_days: 5, steady_pct: 15, drop_pct: 40}
  alternative_kinds: [pause, partner]
promises:
  ladder: standard
  communicate_within: PT24H
  confirm_within: P5D
  delivered_by: note
  communicated_by: note
  confirmed_by: note
offers:
  - {id: resources, kind: resources, what: "a person more", approval: csm}
permissions:
""" + "".join(f"  - {{command: {name}, roles: [csm]}}\n" for name in ALL_COMMANDS)
RACI = """\
raci:
  - activity: first_contact
    title: "First contact"
    responsible: [csm]
    accountable: csm
    consulted: [support]
    besides:
      - {severities: [critical], informed: [support]}
""" + "".join(
    f"  - {{activity: {name}, title: {name}, responsible: [csm], accountable: csm}}\n" for name in ACTIVITIES[1:]
)
MODULE = """\
name: quick_fix
version: 1
title: "A module"
kind: module
steps:
  - {id: mend_it, title: "Mend it", owner: support, due: PT72H}
offers:
  - {id: sorry, kind: training, what: "an hour of training", approval: csm}
"""

FILES = {
    "save/spine.yaml": SPINE,
    "save/child.yaml": CHILD,
    "modules/quick_fix.yaml": MODULE,
    "modules/cheap_fix.yaml": MODULE.replace("quick_fix", "cheap_fix"),
    "policies/all.yaml": POLICY,
    "policies/raci.yaml": RACI,
    "messages/en/hello.j2": "Hello",
    "messages/ms/hello.j2": "Helo",
}

Break = Callable[[str, str, str], int]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder whose playbooks and policies have no fault."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def break_file(library: Path) -> Break:
    """Replace ``old`` by ``new`` in a file of the library; gives the line where the replacement begins."""

    def replace(file: str, old: str, new: str) -> int:
        text = (library / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"'{old}' is {text.count(old)} times in {file}"
        (library / file).write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


@pytest.fixture(scope="session")
def shipped() -> Path:
    """The folder of the playbooks that the product ships."""
    return Path(__file__).parents[3] / "playbooks"


@pytest.fixture(scope="session")
def plans(shipped: Path) -> dict[str, Plan]:
    """Every playbook and module that the product ships, as a case would get it."""
    books = FolderPlaybooks(shipped)
    return {name: asyncio.run(books.load(name)) for name in asyncio.run(books.names())}
