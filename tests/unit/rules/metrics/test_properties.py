"""What holds for the metrics of any book."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.metrics import CaseRecord
from rules.metrics.durations import durations
from rules.metrics.leaving import gross_and_net
from rules.metrics.loop import loop
from rules.metrics.themes import themes
from tests.unit.rules.metrics.measured import (
    ALL,
    NOW,
    ago,
    board,
    left,
    policy,
    promise,
    recovery,
    save,
    step,
    survey,
    win_back,
)

DAYS = st.floats(-30, 900, allow_nan=False)
ACCOUNTS = st.sampled_from(["acc-1", "acc-2", "acc-3"])


@st.composite
def invitation(draw: Any) -> dict[str, Any]:
    answered = draw(st.none() | DAYS)
    return {"n": 1, "at": ago(draw(DAYS)), "answered_at": None if answered is None else ago(answered), "accepted": True}


@st.composite
def cancellation(draw: Any) -> CaseRecord:
    confirmed, end = draw(st.none() | DAYS), draw(st.none() | DAYS)
    return left(
        draw(ACCOUNTS),
        asked=draw(DAYS),
        closed=draw(st.none() | DAYS),
        confirmed_at=None if confirmed is None else ago(confirmed),
        asked_end_date=None if end is None else ago(end).date(),
        invitations=draw(st.lists(invitation(), max_size=3)),
        feedback=draw(st.sampled_from(["not_asked", "answered", "declined"])),
        satisfaction=draw(st.none() | st.integers(0, 10)),
        churn_reason=draw(st.sampled_from(["unknown", "missing_feature"])),
        export_asked_at=ago(draw(DAYS)),
        exported_at=ago(draw(DAYS)),
    )


@st.composite
def rescue(draw: Any) -> CaseRecord:
    states = st.sampled_from(["open", "done", "breached", "dropped", "customer_confirmed"])
    turns = [
        step(f"weekly_update/{n}", ago(draw(DAYS)), ago(draw(DAYS)), ago(draw(DAYS)))
        for n in range(draw(st.integers(0, 3)))
    ]
    outcome = draw(st.none() | st.sampled_from(["saved_full", "lost", "deferred"]))
    promised = [promise(draw(DAYS), draw(states))]
    known = {"opened": draw(DAYS), "closed": draw(DAYS), "commitments": promised, "steps": turns}
    return save(draw(ACCOUNTS), outcome, contact=draw(st.none() | st.integers(0, 400)), **known)


@st.composite
def other(draw: Any) -> CaseRecord:
    made = draw(st.sampled_from([recovery, win_back]))
    return made(draw(ACCOUNTS), opened_at=ago(draw(DAYS)), closed_at=ago(draw(DAYS)), outcome="returned", verified=True)


BOOKS = st.lists(cancellation() | rescue() | other(), max_size=12)


@settings(max_examples=60, deadline=None)
@given(BOOKS)
def test_a_share_lies_between_nothing_and_all(records: list[CaseRecord]):
    for found in board(*records).metrics:
        for read in found.readings:
            assert read.share is None or 0 <= read.share <= 1
            assert (read.share is None) or (read.part is not None and 0 <= read.part <= read.whole)


@settings(max_examples=100, deadline=None)
@given(cancellation())
def test_the_net_time_is_never_longer_than_the_gross_one_and_never_negative(record: CaseRecord):
    gross, net = gross_and_net(record, policy().counting)
    assert timedelta() <= net <= gross


@settings(max_examples=60, deadline=None)
@given(BOOKS, st.integers())
def test_the_order_of_the_cases_does_not_matter(records: list[CaseRecord], seed: int):
    unique = list({record.case.case_id: record for record in records}.values())
    mixed = random.Random(seed).sample(unique, len(unique))
    assert board(*unique) == board(*mixed)
    assert durations(unique, ALL, NOW) == durations(mixed, ALL, NOW)
    assert loop(unique, (), policy(), NOW) == loop(mixed, (), policy(), NOW)
    both = [themes(records, (), policy(), survey(), ALL, NOW) for records in (unique, mixed)]
    assert both[0] == both[1]


@settings(max_examples=60, deadline=None)
@given(BOOKS)
def test_no_step_is_late_more_often_than_it_was_due(records: list[CaseRecord]):
    for row in durations(records, ALL, NOW):
        assert row.late <= row.with_due
        assert row.median is None or row.p90 is None or row.p90 >= row.median
