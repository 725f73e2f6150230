"""A playbook becomes a plan: inherited, pinned by a digest, compared, refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.playbooks.compare import diff
from adapters.playbooks.folder import FolderPlaybooks
from adapters.playbooks.port import PlaybookPort
from models.case import RefusalType
from models.faults import PermanentFault
from models.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    Break = Callable[[str, str, str], int]

SPINE, CHILD, POLICY = "save/spine.yaml", "save/child.yaml", "policies/all.yaml"


async def _load(folder: Path, name: str = "child") -> Plan:
    books: PlaybookPort = FolderPlaybooks(folder)
    return await books.load(name)


async def test_a_playbook_has_the_steps_that_it_inherits_and_its_own(library: Path) -> None:
    plan = await _load(library)
    assert [step.id for step in plan.steps] == ["first_call", "second_step", "weekly", "third_step"]
    assert plan.ref == "child@1"
    assert [offer.id for offer in plan.offers] == ["discount"]


async def test_a_step_of_the_same_id_replaces_the_inherited_one_in_its_place(library: Path, break_file: Break) -> None:
    break_file(CHILD, "- id: third_step", "- id: weekly")
    plan = await _load(library)
    assert [step.title for step in plan.steps] == ["Call the customer", "Answer what was said", "Something more"]


async def test_a_module_is_a_plan_of_its_own_steps_and_says_that_it_is_one(library: Path) -> None:
    plan = await _load(library, "quick_fix")
    assert (plan.kind, [step.id for step in plan.steps]) == ("module", ["mend_it"])
    assert (await _load(library)).kind == "save"


async def test_an_offer_is_found_in_the_playbook_or_in_the_policy(library: Path) -> None:
    plan = await _load(library)
    found = [plan.offer(name) for name in ("discount", "resources", "sorry")]
    assert [offer.kind if offer else None for offer in found] == ["discount", "resources", None]


async def test_a_plan_that_was_pinned_before_offers_had_a_kind_still_reads(library: Path) -> None:
    written = (await _load(library)).model_dump(mode="json", by_alias=True)
    del written["offers"][0]["kind"], written["policy"]["concessions"], written["policy"]["raci"], written["kind"]
    plan = Plan.model_validate(written)
    assert (plan.offers[0].kind, plan.policy.concessions.ladder, plan.kind) == (None, (), "save")


async def test_preventive_steps_are_not_owed_by_a_running_case(library: Path, break_file: Break) -> None:
    break_file(CHILD, "steps:", "preventive:")
    assert (await _load(library)).step("third_step") is None


async def test_a_plan_carries_the_policy_of_all_policy_files(library: Path, break_file: Break) -> None:
    break_file(POLICY, "digest_window: PT30M\n", "")
    (library / "policies/more.yaml").write_text("digest_window: PT2H\n", encoding="utf-8")
    policy = (await _load(library)).policy
    assert (str(policy.digest_window), policy.warn_percent, policy.roles) == ("PT2H", 75, ("csm", "support"))


async def test_an_unknown_playbook_is_refused_with_the_known_ones(library: Path) -> None:
    with pytest.raises(PermanentFault) as refused:
        await _load(library, "chlid")
    assert refused.value.kind == RefusalType.UNKNOWN_PLAYBOOK
    assert (
        refused.value.sentence
        == "There is no playbook 'chlid'; the known ones are: cheap_fix, child, quick_fix, spine."
    )


async def test_a_malformed_playbook_is_refused_with_every_fault_of_what_it_inherits(
    library: Path, break_file: Break
) -> None:
    first = break_file(SPINE, "due: PT48H", "due: soon")
    second = break_file(POLICY, "warn_percent: 75", "warn_percent: 0")
    with pytest.raises(PermanentFault) as refused:
        await _load(library)
    assert refused.value.kind == RefusalType.BAD_PLAYBOOK
    assert f"{SPINE}:{first}" in refused.value.sentence and f"{POLICY}:{second}" in refused.value.sentence


async def test_a_malformed_playbook_does_not_stop_another_one(library: Path, break_file: Break) -> None:
    break_file(CHILD, "due:", "duo:")
    assert (await _load(library, "spine")).ref == "spine@1"


async def test_names_are_those_of_the_files(library: Path) -> None:
    assert await FolderPlaybooks(library).names() == ("cheap_fix", "child", "quick_fix", "spine")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SPINE, "due: PT48H", "due: PT47H"),
        (SPINE, "Call the customer", "Ring the customer"),
        (SPINE, "limit_pct: 20", "limit_pct: 15"),
        (CHILD, "version: 1", "version: 2"),
        (POLICY, "warn_percent: 75", "warn_percent: 80"),
        (POLICY, "from_arr: 100000", "from_arr: 90000"),
        (POLICY, "up_to_pct: 15", "up_to_pct: 10"),
        ("policies/raci.yaml", "informed: [support]", "informed: [csm, support]"),
    ],
)
async def test_the_digest_changes_with_anything_that_a_case_would_follow(
    library: Path, break_file: Break, file: str, old: str, new: str
) -> None:
    before = await _load(library)
    break_file(file, old, new)
    assert (await _load(library)).digest != before.digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SPINE, "name: spine\nversion: 1\n", "# a remark\nversion: 1\nname: spine\n"),
        (SPINE, "due: PT48H", "due: {after: opened, offset: 'PT48H'}"),
        (SPINE, "due: PT48H", "due: PT2880M"),
        (POLICY, "warn_percent: 75", 'warn_percent: "75"'),
    ],
)
async def test_the_digest_stays_where_only_the_writing_changes(
    library: Path, break_file: Break, file: str, old: str, new: str
) -> None:
    before = await _load(library)
    break_file(file, old, new)
    after = await _load(library)
    assert after.digest == before.digest
    assert diff(before, after) == ()


async def test_a_plan_survives_being_stored_with_its_digest(library: Path) -> None:
    plan = await _load(library)
    assert Plan.model_validate_json(plan.model_dump_json(by_alias=True)) == plan


async def test_the_difference_of_two_plans_names_steps_fields_and_numbers(library: Path, break_file: Break) -> None:
    before = await _load(library)
    break_file(SPINE, "due: PT48H", "due: PT24H\n    promise: true")
    break_file(CHILD, "- id: third_step", "- id: fourth_step")
    break_file(POLICY, "warn_percent: 75", "warn_percent: 80")
    break_file(POLICY, "respond: PT24H", "respond: PT12H")
    assert [str(change) for change in diff(before, await _load(library))] == [
        "~ steps[first_call].due.offset: PT48H -> PT24H",
        "~ steps[first_call].promise: false -> true",
        "- steps[third_step]: Something more",
        "+ steps[fourth_step]: Something more",
        "~ policy.warn_percent: 75 -> 80",
        "~ policy.triage.matrix[critical x medium].respond: PT24H -> PT12H",
    ]


async def test_a_new_value_where_there_was_none_shows_both_sides(library: Path, break_file: Break) -> None:
    before = await _load(library)
    break_file(SPINE, "reaches: contacted", "channel: phone")
    assert [str(change) for change in diff(before, await _load(library))] == [
        "~ steps[first_call].channel: any -> phone",
        "~ steps[first_call].reaches: contacted -> nothing",
    ]
