"""The policy of fix estimates names a step that asks for the estimate, and a playbook to go to (DIS-14)."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.playbooks.check import check

RULES = {
    "module": "quick_fix",
    "step": "mend",
    "item": "hours",
    "above": "PT72H",
    "at_most": "P365D",
    "playbook": "spine",
}
MODULE = """\
name: quick_fix
version: 1
title: "What can be mended"
kind: module
steps:
  - id: mend
    title: "Mend it"
    owner: csm
    due: PT24H
    contents:
      - {id: hours, what: "how long it takes"}
"""


def faults(library: Path, **changes: str) -> list[str]:
    """What the check says of the policy with these changes."""
    (library / "modules" / "quick_fix.yaml").write_text(MODULE)
    lines = (f"  {key}: {value}\n" for key, value in (RULES | changes).items())
    (library / "policies" / "fix_estimates.yaml").write_text("fix_estimates:\n" + "".join(lines))
    return [fault.wrong for fault in check(library)]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"playbook": "nowhere"}, ["the playbook 'nowhere' is not known"]),
        ({"module": "slow_fix"}, ["the module 'slow_fix' is not known"]),
        (
            {"step": "guess"},
            ["the step of quick_fix 'guess' is not known", "the content of guess 'hours' is not known"],
        ),
        ({"item": "days"}, ["the content of mend 'days' is not known"]),
        ({"above": "soon"}, ["'soon' is not a duration"]),
    ],
)
def test_a_policy_of_estimates_that_cannot_be_followed_is_a_fault(
    library: Path, changes: dict[str, str], wrong: list[str]
) -> None:
    assert sorted(faults(library, **changes)) == sorted(wrong)
