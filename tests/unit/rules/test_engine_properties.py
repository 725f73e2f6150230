"""The engine under any interleaving: people do anything, the world fails in every way, outcomes land in any order."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models import commands as c
from models.contract_names import UPDATES
from models.effects import Verb
from models.save import SaveCase
from models.starts import SaveStart
from rules import follow_through
from tests.unit.rules.chaos import Acts, Chaos, evidence_for, shaky_world

playbooks = st.sampled_from([None, "product_technical", "budget_economic"])
numbers = st.integers(0, 2**20)


def script(length: int) -> st.SearchStrategy[list[int]]:
    return st.lists(numbers, min_size=length // 2, max_size=length)


def begin(playbook: str | None, calm: bool = False) -> Chaos:
    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook=playbook)
    d = Chaos(start, shaky_world())
    if calm:
        d.calm()
    return d


@settings(max_examples=25)
@given(playbooks, st.booleans(), script(300))
def test_whatever_happens_each_effect_happens_once_and_the_case_can_be_stored(playbook, calm, acts):
    """Also: never two on a lane, a retry is word for word, planning twice changes nothing, a closed case owes no step."""
    d = begin(playbook, calm)
    Acts(d, acts).play()
    assert len(d.done_keys) == len(set(d.done_keys))
    assert SaveCase.model_validate_json(d.case.model_dump_json()) == d.case


@settings(max_examples=20)
@given(playbooks, st.booleans(), script(150))
def test_whatever_happened_a_closed_case_comes_to_its_end(playbook, calm, acts):
    d = begin(playbook, calm)
    Acts(d, acts).play()
    if d.case.account:
        boss = d.case.team.person("p-exec").model_copy(update={"active": True})
        d.directory_says(boss)
    for _ in range(300):
        if follow_through.is_settled(d.case):
            break
        if d.flying:
            d.land(0, "done", 1)
        else:
            d.wake(timedelta(days=2))
        if d.case.plan and not d.case.closed:
            d.attempt(
                c.CloseSave(
                    by="p-exec", outcome="lost", notes="they left", customer_quotes=("the export came a year too late",)
                )
            )
    assert follow_through.is_settled(d.case)
    assert d.flying == []
    assert follow_through.due(d.case, d.now + timedelta(days=365)) == []
    assert follow_through.next_wake(d.case, d.now) is None


@settings(max_examples=15)
@given(playbooks, script(150))
def test_whatever_happened_a_world_that_works_again_lets_the_case_come_to_rest(playbook, acts):
    d = begin(playbook)
    Acts(d, acts).play()
    d.calm()
    d.signal(c.RetryNow(by="p-mgr"))
    d.calm()
    assert d.case.retries == ()
    assert d.case.account is not None
    assert d.case.booked_revision == d.case.revision


@settings(max_examples=5)
@given(playbooks, script(80))
def test_any_order_of_completions_ends(playbook, acts):
    """Everybody does their steps, in any order and at any pace: in the end nothing is owed but what recurs."""
    d = begin(playbook, calm=True)
    choose = Acts(d, acts)
    while open_ids := [s.id for s in d.case.steps if not s.ended and not s.recurring and not offering(d.case, s)]:
        step_id = choose.pick(open_ids)
        d.attempt(c.CompleteStep(step_id=step_id, by="p-mgr", evidence=evidence_for(d.case, step_id)))
        assert d.case.step(step_id).ended
        d.calm()
        d.wake(timedelta(hours=choose.pick((1, 5, 12))))
        d.calm()
    assert all(step.ended for step in d.case.steps if not step.recurring and not offering(d.case, step))


def offering(case, step):
    """Whether the step tells of an offer, which nobody made here (SAVE-37)."""
    return bool(case.specs()[step.step_id].offers)


@settings(max_examples=8)
@given(script(30), st.integers(24, 120))
def test_waking_where_the_case_asks_skips_nothing(acts, hours):
    """A case that sleeps until ``next_wake`` sends the same at the same moments as one that looks all the time."""
    lazy, eager = begin("product_technical", calm=True), begin("product_technical", calm=True)
    eager.directory = lazy.directory  # one world: who is away is away for both
    choose = Acts(lazy, acts)
    while acts:
        until = lazy.now + timedelta(hours=choose.pick((9, 1, 30)))
        sleep(lazy, until)
        look(eager, until)
        act = choose.pick((choose.some_command, choose.some_command, choose.some_signal))()
        for d in (lazy, eager):
            (d.attempt if isinstance(act, tuple(UPDATES.values())) else d.signal)(act)
            d.calm()
    until = lazy.now + timedelta(hours=hours)
    sleep(lazy, until)
    look(eager, until)
    assert sent(lazy) == sent(eager)
    assert lazy.case.steps == eager.case.steps


def sleep(d: Chaos, until: datetime) -> None:
    """Wake only where the case asks for it."""
    while (at := follow_through.next_wake(d.case, d.now)) is not None and at <= until:
        d.now = at
        d.settle()
        d.calm()
    d.now = until
    d.settle()
    d.calm()


def look(d: Chaos, until: datetime) -> None:
    """Wake where the case asks for it, and once an hour besides."""
    while d.now < until:
        at = follow_through.next_wake(d.case, d.now)
        d.now = min(m for m in (d.now + timedelta(hours=1), until, at) if m is not None)
        d.settle()
        d.calm()


def sent(d: Chaos) -> list[tuple[object, ...]]:
    return [(at, a.key, a.lines, a.recipients, a.steps) for at, a in d.sent if a.verb is not Verb.WRITE_BOOK]
