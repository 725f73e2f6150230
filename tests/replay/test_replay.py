"""Cases that began under earlier code go on under this code: every history of the corpus replays to the same commands."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from temporalio import activity
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from activities.crm import CrmActivities
from activities.reviewing import ReviewActivities
from models.work import LoadAccount
from rules import follow_through
from tests.replay.corpus import FOLDER, Kept, manifest
from worker import WORKFLOWS, sandbox

LEAST = {"diligent", "late", "switched", "outages", "recovered", "left", "stayed", "retained", "reviewed", "round"}
CORPUS = manifest()
WORKFLOW_TYPES = {"SaveAttempt", "SaveRecovery", "Cancellation", "DataRetention", "Review", "ReviewRound"}
Mutation = Callable[[pytest.MonkeyPatch], None]


async def failure_of(kept: Kept) -> Exception | None:
    """Why one history does not replay with the worker's own sandbox and converter, or None where it does."""
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=sandbox(), data_converter=pydantic_data_converter)
    return (await replayer.replay_workflow(kept.history(), raise_on_replay_failure=False)).replay_failure


@pytest.mark.parametrize("kept", CORPUS, ids=[kept.name for kept in CORPUS])
async def test_a_kept_history_replays(kept: Kept):
    assert await failure_of(kept) is None


@pytest.mark.parametrize("kept", CORPUS, ids=[kept.name for kept in CORPUS])
def test_a_kept_history_is_the_one_that_was_recorded(kept: Kept):
    assert hashlib.sha256(kept.read()).hexdigest() == kept.sha256
    assert len(kept.history().events) == kept.events
    assert kept.about
    assert kept.workflow_type in WORKFLOW_TYPES


def test_the_corpus_tells_the_main_stories_and_stays_small():
    assert {kept.name for kept in CORPUS} >= LEAST
    assert {path.name for path in FOLDER.iterdir()} == {"manifest.json", *(kept.path.name for kept in CORPUS)}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000


def _in_reverse(patch: pytest.MonkeyPatch) -> None:
    due = follow_through.due
    patch.setattr(follow_through, "due", lambda case, now: due(case, now)[::-1])


def _one_left_out(patch: pytest.MonkeyPatch) -> None:
    due = follow_through.due
    patch.setattr(follow_through, "due", lambda case, now: due(case, now)[:-1])


def _never_wakes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(follow_through, "next_wake", lambda case, now: None)


def _renamed_activity(patch: pytest.MonkeyPatch) -> None:
    @activity.defn(name="fetch_account")
    async def fetch_account(self: Any, request: LoadAccount) -> None:
        """Stands for an activity that somebody renamed."""

    patch.setattr(CrmActivities, "load_account", fetch_account)
    patch.setattr(ReviewActivities, "load_review", fetch_account)


def _nothing_settled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(follow_through, "is_settled", lambda case: False)


@pytest.mark.parametrize("name", ["diligent", "recovered", "left", "stayed", "retained", "reviewed"])
@pytest.mark.parametrize("mutation", [_in_reverse, _one_left_out, _never_wakes, _renamed_activity, _nothing_settled])
async def test_a_change_of_what_is_done_or_in_which_order_does_not_replay(
    monkeypatch: pytest.MonkeyPatch, mutation: Mutation, name: str
):
    mutation(monkeypatch)
    kept = next(kept for kept in CORPUS if kept.name == name)
    assert "nondeterminism" in str(await failure_of(kept)).lower()
