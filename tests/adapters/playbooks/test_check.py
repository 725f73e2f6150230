"""A malformed playbook: every fault, with file, line and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.playbooks.check import check
from tests.adapters.playbooks.faults import CHILD, MODULE, POLICY, RACI, SPINE, found

if TYPE_CHECKING:
    from collections.abc import Callable


BROKEN = [
    # file, what stands there, what stands there instead, what is said to be wrong, and to be right
    pytest.param(SPINE, "owner: support", "ownr: support", "'ownr' is not known", "'owner'", id="unknown key"),
    pytest.param(SPINE, 'title: "A small spine"', "", "'title' is missing", "title", id="missing key"),
    pytest.param(SPINE, "version: 1", "version: 0", "'0' does not fit", "greater", id="version zero"),
    pytest.param(SPINE, "owner: support", "owner: suport", "role 'suport'", "'support'", id="unknown role"),
    pytest.param(SPINE, "with: [support]", "with: [boss]", "role 'boss'", "csm, support", id="unknown role beside"),
    pytest.param(SPINE, "ladder: standard", "ladder: standart", "ladder 'standart'", "'standard'", id="ladder"),
    pytest.param(SPINE, "{kind: call, ", "{kind: cal, ", "evidence kind 'cal'", "'call'", id="evidence kind"),
    pytest.param(SPINE, "template: hello", "template: helo", "template 'helo'", "'hello'", id="template"),
    pytest.param(SPINE, "template: hello", "page: {kind: chart}", "not 'chart'", "value_report", id="page"),
    pytest.param(SPINE, "reaches: contacted", "reaches: contact", "stage 'contact'", "'contacted'", id="stage"),
    pytest.param(SPINE, "{step: second_step}", "{stage: done}", "stage 'done'", "closed", id="until stage"),
    pytest.param(
        SPINE, "{step: second_step}", "{step: secnd_step}", "step 'secnd_step'", "second_step", id="until step"
    ),
    pytest.param(SPINE, '"step:first_call"', '"step:frst_call"', "step 'frst_call'", "first_call", id="anchor step"),
    pytest.param(SPINE, '"step:first_call"', '"step:weekly day"', "is not a moment", "step:ID", id="anchor word"),
    pytest.param(SPINE, "{step: first_call, ", "{step: frst_call, ", "step 'frst_call'", "first_call", id="condition"),
    pytest.param(SPINE, "decision: stay", "decision: stya", "decision of 'first_call'", "'stay'", id="decision"),
    pytest.param(SPINE, "due: PT48H", "due: 48 hours", "is not a duration", "PT48H", id="duration"),
    pytest.param(SPINE, "due: PT48H", "due: 48", "is not a duration", "PT48H", id="duration as number"),
    pytest.param(SPINE, "due: PT48H", "due: {offset: {hours: 48}}", "not a duration", "PT48H", id="duration as map"),
    pytest.param(SPINE, "due: PT48H", "due: PT10S", "finer than a minute", "PT1M", id="seconds"),
    pytest.param(SPINE, "clock: day_end", "clock: midnight", "'midnight' is not known", "'day_end'", id="clock"),
    pytest.param(SPINE, "due: PT48H", "due: PT30M", "before the step opens", "PT1H", id="due before opens"),
    pytest.param(SPINE, "warn: PT24H", "warn: P3D", "after the step is due", "earlier", id="warn after due"),
    pytest.param(SPINE, "recur: P7D", "recur: PT0H", "without any time", "P1D", id="recur zero"),
    pytest.param(SPINE, "reaches: contacted", "optional: true\n    promise: true", "and optional", "out", id="promise"),
    pytest.param(SPINE, "limit_pct: 20", "limit_pct: 120", "'120' does not fit", "100", id="percent"),
    pytest.param(SPINE, "approval: discount_ladder", "approval: boss", "approval 'boss'", "csm", id="approval"),
    pytest.param(SPINE, "modules: [quick_fix]", "modules: [slow_fix]", "module 'slow_fix'", "quick_fix", id="module"),
    pytest.param(SPINE, "[product_bug]", "[product_bg]", "root cause 'product_bg'", "'product_bug'", id="reason"),
    pytest.param(SPINE, "[no_roi]", "[low_roi]", "statement 'low_roi'", "'no_roi'", id="statement"),
    pytest.param(SPINE, "kind: save", "kind: safe", "kind 'safe'", "'save'", id="kind"),
    pytest.param(SPINE, "name: spine", "name: spin", "not that of the file", "name: spine", id="name"),
    pytest.param(
        SPINE, "- id: second_step", "- id: first_call", "'first_call' is there twice", "line 8", id="id twice"
    ),
    pytest.param(SPINE, "    warn: PT24H", "    due: P1D", "key 'due' is there twice", "line 13", id="key twice"),
    pytest.param(SPINE, "    warn: PT24H", "\twarn: PT24H", "there is a tab", "spaces", id="tab"),
    pytest.param(SPINE, "with: [support]", "with: [support", "not YAML", "brackets", id="syntax"),
    pytest.param(SPINE, "version: 1", "version: !!python/name:os.system 1", "tag", "plain value", id="tag"),
    pytest.param(SPINE, "with: [support]", "with: support", "'support' does not fit", "list", id="list wanted"),
    pytest.param(CHILD, "extends: spine", "extends: spin", "playbook 'spin'", "'spine'", id="extends"),
    pytest.param(POLICY, "warn_percent: 75", "warn_percent: 120", "'120' does not fit", "99", id="warn percent"),
    pytest.param(
        POLICY, "digest_window:", "digest_windw:", "'digest_windw' is not", "'digest_window'", id="policy key"
    ),
    pytest.param(POLICY, "executive_role: csm", "executive_role: ceo", "role 'ceo'", "csm", id="executive"),
    pytest.param(POLICY, "{role: csm, after", "{role: csn, after", "role 'csn'", "'csm'", id="rung role"),
    pytest.param(POLICY, "pattern: '^call .{10,}$'", "pattern: '^call ('", "not a regular expression", "", id="regex"),
    pytest.param(POLICY, '"call 4711: a word was spoken"', '"hello"', "own pattern", "example", id="example"),
    pytest.param(POLICY, "playbook: spine", "playbook: spin", "playbook 'spin'", "'spine'", id="cause playbook"),
    pytest.param(POLICY, "modules: [quick_fix]\n", "modules: [fix]\n", "module 'fix'", "quick_fix", id="cause module"),
    pytest.param(POLICY, "[cheap_fix]", "[cheep_fix]", "module 'cheep_fix'", "'cheap_fix'", id="blocked module"),
    pytest.param(POLICY, "[cheap_fix]", "[quick_fix]", "is allowed and blocked", "one of the two", id="both ways"),
    pytest.param(POLICY, "playbook: spine", "playbook: quick_fix", "playbook 'quick_fix'", "spine", id="no playbook"),
    pytest.param(
        POLICY, "category: product_fit\n", "category: product\n", "category 'product'", "'product_fit'", id="category"
    ),
    pytest.param(POLICY, "family: direct", "family: indirct", "family 'indirct'", "'indirect'", id="family"),
    pytest.param(POLICY, "command: hold,", "command: holt,", "command 'holt'", "'hold'", id="command"),
    pytest.param(POLICY, "issue_ladder: standard", "issue_ladder: fast", "ladder 'fast'", "standard", id="issues"),
    pytest.param(POLICY, "  - support", "  - csm", "'csm' is there twice", "line 6", id="role twice"),
    pytest.param(SPINE, "kind: discount, ", "", "'discount' has no kind", "kind: ", id="no offer kind"),
    pytest.param(SPINE, "kind: discount,", "kind: discnt,", "'discnt' is not known", "'discount'", id="offer kind"),
    pytest.param(POLICY, "kind: resources, ", "", "'resources' has no kind", "kind: ", id="no kind in policy"),
    pytest.param(
        POLICY, "kind: resources, ", "kind: pause, ", "is a pause without an end", "limit_duration", id="no end"
    ),
    pytest.param(
        POLICY, "kind: resources, ", "kind: beta_access, ", "does not need start_date", "[start_date]", id="no need"
    ),
    pytest.param(
        POLICY, 'person more", approval: csm', 'person", approval: boss', "approval 'boss'", "csm", id="offers"
    ),
    pytest.param(MODULE, "kind: module", "extends: spine\nkind: module", "extends nothing", "kind: save", id="child"),
    pytest.param(MODULE, "due: PT72H", "due: PT72H, reaches: mended", "stage 'mended'", "'opened'", id="its stage"),
    pytest.param(CHILD, "extends: spine", "extends: quick_fix", "playbook 'quick_fix'", "spine", id="parent module"),
    pytest.param(POLICY, "pct: 15, role: csm", "pct: 15, role: csn", "role 'csn'", "'csm'", id="approver"),
    pytest.param(POLICY, "up_to_pct: 15", "up_to_pct: 150", "'150' does not fit", "100", id="absurd rate"),
    pytest.param(POLICY, "[reference, testimonial]", "[reference, reference]", "there twice", "line", id="tie twice"),
    pytest.param(POLICY, "[reference, testimonial]", "[]", "'ties' lists nothing", "ties: [", id="no tie"),
    pytest.param(POLICY, "[discount, bridge]", "[discount, brigde]", "'brigde' is not known", "'bridge'", id="kinds"),
    pytest.param(POLICY, "[discount, bridge]", "[]", "'price_kinds' lists nothing", "[", id="no price kind"),
    pytest.param(POLICY, "[value_perception]", "[value]", "category 'value'", "value_perception", id="blocked cause"),
    pytest.param(POLICY, "budget_minor: 1500000", "budget_minor: -1", "'-1' does not fit", "greater", id="budget"),
    pytest.param(POLICY, "currency: USD", "currency: dollars", "'dollars' does not fit", "", id="budget currency"),
    pytest.param(POLICY, "valid_for: P14D", "valid_for: PT0H", "'valid_for' gives no time", "P14D", id="validity"),
    pytest.param(POLICY, "approval_within: PT24H", "approval_within: 24", "not a duration", "PT48H", id="approval due"),
    pytest.param(POLICY, "applied_by: csm", "applied_by: csn", "'csn' is not known", "'csm'", id="who applies"),
    pytest.param(POLICY, "applied_within: PT48H", "applied_within: PT0H", "gives no time", "P14D", id="applied when"),
    pytest.param(POLICY, "told_within: PT12H", "told_within: PT0H", "'told_within' gives no", "P14D", id="told when"),
    pytest.param(
        POLICY, "hello, kinds", "helo, kinds", "template 'helo' is not known", "'hello'", id="letter of offers"
    ),
    pytest.param(
        POLICY, "kinds: [bridge]", "kinds: [bridge, bridge]", "there twice", "line", id="two letters of a kind"
    ),
    pytest.param(POLICY, "kinds: [bridge]", "kinds: []", "does not fit", "", id="letter of nothing"),
    pytest.param(RACI, "activity: first_contact", "activity: frst_contact", "'frst_contact'", "first", id="activity"),
    pytest.param(RACI, "[csm]\n    accountable: csm", "[csn]\n    accountable: csm", "'csn'", "'csm'", id="R"),
    pytest.param(RACI, "accountable: csm\n    con", "accountable: csn\n    con", "'csn'", "'csm'", id="A"),
    pytest.param(RACI, "consulted: [support]", "consulted: [csm]", "responsible and consulted", "one of", id="R and C"),
    pytest.param(RACI, "severities: [critical]", "severities: [criticl]", "'criticl'", "'critical'", id="severity"),
    pytest.param(RACI, "informed: [support]", "informed: [suport]", "role 'suport'", "'support'", id="I besides"),
    pytest.param(POLICY, "{severity: low, urgency", "{severity: lwo, urgency", "severity 'lwo'", "'low'", id="cell"),
]


def test_a_library_without_faults_has_none(library: Path) -> None:
    assert check(library) == ()


@pytest.mark.parametrize(("file", "old", "new", "wrong", "right"), BROKEN)
def test_a_fault_is_reported_where_it_stands(
    library: Path, break_file: Callable[[str, str, str], int], file: str, old: str, new: str, wrong: str, right: str
) -> None:
    line = break_file(file, old, new)
    line = 1 if old.startswith("title") else line
    said = found(library, file, line)
    assert wrong in said and right in said, [str(fault) for fault in check(library)]


def test_all_faults_of_all_files_are_reported_at_once(
    library: Path, break_file: Callable[[str, str, str], int]
) -> None:
    lines = [
        (SPINE, break_file(SPINE, "due: PT48H", "due: soon")),
        (SPINE, break_file(SPINE, "owner: support", "owner: nobody")),
        (CHILD, break_file(CHILD, "step:second_step", "step:fourth_step")),
        (POLICY, break_file(POLICY, "warn_percent: 75", "warn_percent: 100")),
    ]
    assert sorted({(fault.file, fault.line) for fault in check(library)}) == sorted(lines)


def test_steps_that_wait_for_each_other_are_a_circle(library: Path, break_file: Callable[[str, str, str], int]) -> None:
    break_file(SPINE, "opens: PT1H", 'opens: {after: "step:second_step"}')
    assert "first_call -> second_step -> first_call" in found(library, SPINE, 8)


def test_playbooks_that_extend_each_other_are_a_circle(
    library: Path, break_file: Callable[[str, str, str], int]
) -> None:
    line = break_file(SPINE, "kind: save", "extends: child")
    assert "spine -> child -> spine" in found(library, SPINE, line)


def test_a_template_must_exist_in_every_language(library: Path) -> None:
    (library / "messages/ms/hello.j2").unlink()
    assert "no template 'hello' in ms" in found(library, SPINE, 16)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (b"", "empty"),
        (b"# only a comment\n", "empty"),
        (b"- a\n- list\n", "not a mapping"),
        (b"just words\n", "not a mapping"),
        (b"a: 1\n---\nb: 2\n", "not YAML"),
        (b"a: &x [*x]\n", "alias"),
        (b"a: \xff\xfe\n", "not UTF-8"),
        (b"a: \x00\n", "not YAML"),
        (b"a: " + b"[" * 1000 + b"]" * 1000, "nested too deeply"),
        (b"a: " + b"9" * 5000, "cannot be read as int"),
        (b"? [a]\n: 1\n", "not a plain word"),
    ],
)
def test_a_file_that_is_no_mapping_at_all_is_one_clear_fault(library: Path, text: bytes, wrong: str) -> None:
    (library / SPINE).write_bytes(text)
    said = [fault.wrong for fault in check(library) if fault.file == SPINE]
    assert any(wrong in one for one in said), said


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert [fault.wrong for fault in check(tmp_path / "nowhere")] == ["there is no such folder"]


def test_a_folder_without_policies_says_which_are_needed(tmp_path: Path) -> None:
    said = " ".join(fault.wrong for fault in check(tmp_path))
    assert "'ladders'" in said and "'triage'" in said and "no playbook" in said
