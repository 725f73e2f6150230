"""Alerts: by span of a sweep, by account, and their dismissal."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.alerts.port import AlertsPort
from models.alerts import UNANSWERED, AlertEntry, AlertKind, Happens, RiskLevel
from models.faults import PermanentFault
from models.sweep import Span
from rules.sweeping import UNANSWERABLE, WEIGHTY, became

AT = datetime(2026, 11, 17, 2, tzinfo=UTC)


def alert(account: str = "acc-1", rule: str = "no_login", bucket: int = 3, **more) -> AlertEntry:
    given = {"kind": AlertKind.AUTOMATIC_ALERT, "level": RiskLevel.LOW, "happens": Happens.OUTREACH} | more
    return AlertEntry(
        id=f"{account}.{rule}",
        account_id=account,
        rule=rule,
        bucket=bucket,
        since=date(2026, 11, 1),
        raised_at=AT,
        now=14.0,
        **given,
    )


async def test_a_span_is_of_buckets_or_of_one_account(alerts: AlertsPort) -> None:
    await alerts.raised([alert(), alert("acc-2", bucket=4), alert("acc-3", bucket=5)])
    known = await alerts.known(Span(at=AT, buckets=(3, 5)))
    assert [one.account_id for one in known] == ["acc-1", "acc-3"]
    assert await alerts.known(Span(at=AT, account_id="acc-2")) == (alert("acc-2", bucket=4),)


async def test_known_is_what_is_open_or_still_holds_and_pending_what_nobody_answered(alerts: AlertsPort) -> None:
    over = alert(rule="over", open=False, held=False)
    dismissed = alert(rule="dismissed", open=False)
    done = alert(rule="done", answered_at=AT, answer="a letter was sent")
    await alerts.raised([over, dismissed, done, alert()])
    span = Span(at=AT, account_id="acc-1")
    assert {one.rule for one in await alerts.known(span)} == {"dismissed", "done", "no_login"}
    assert {one.rule for one in await alerts.pending(span)} == {"no_login"}


async def test_an_answer_and_a_judgement_change_nothing_of_each_other(alerts: AlertsPort) -> None:  # RISK-85
    await alerts.raised([alert()])
    seen = await alerts.entry("acc-1.no_login")
    done = {"answered_at": AT, "answer": "a save is opened", "case": "save:acc-1", "written": True}
    await alerts.put([seen.model_copy(update=done | {"held": False})])
    await alerts.judged([seen.model_copy(update={"held": False, "told_at": AT})])
    assert await alerts.entry(seen.id) == seen.model_copy(update=done | {"held": False, "told_at": AT})


async def test_the_first_answer_stays_when_two_sweeps_give_one(alerts: AlertsPort) -> None:  # RISK-85
    await alerts.raised([alert()])
    seen = await alerts.entry("acc-1.no_login")
    first = seen.model_copy(update={"answered_at": AT, "answer": "a save is opened", "case": "save:acc-1"})
    await alerts.put([first])
    await alerts.put([seen.model_copy(update={"answered_at": AT + timedelta(minutes=5), "answer": "a task is open"})])
    assert await alerts.entry(seen.id) == first


async def test_what_could_not_be_answered_is_pending_again_at_a_later_sweep(alerts: AlertsPort) -> None:  # RISK-85
    stuck = alert(answered_at=AT, answer=f"{UNANSWERED}there is no such queue")
    await alerts.raised([stuck])
    assert await alerts.pending(Span(at=AT, account_id="acc-1")) == ()
    assert await alerts.pending(Span(at=AT + timedelta(days=1), account_id="acc-1")) == (stuck,)
    answered = stuck.model_copy(update={"answered_at": AT + timedelta(days=1), "answer": "a save is opened"})
    await alerts.put([answered])
    assert await alerts.entry(stuck.id) == answered
    assert await alerts.pending(Span(at=AT + timedelta(days=2), account_id="acc-1")) == ()


async def test_a_sweep_settles_what_is_over_once(alerts: AlertsPort) -> None:
    await alerts.raised([alert()])
    seen = await alerts.entry("acc-1.no_login")
    over = seen.model_copy(update={"open": False, "held": False, "settled_at": AT, "reason": "it is over"})
    await alerts.judged([over])
    await alerts.judged([over.model_copy(update={"settled_at": AT + timedelta(days=1), "reason": "again"})])
    assert await alerts.entry(seen.id) == over


async def test_of_an_account_and_a_rule_one_alert_is_open_however_many_sweeps_find_it(
    alerts: AlertsPort,
) -> None:  # AMB-8
    await alerts.raised([alert()])
    again = alert().model_copy(update={"id": "acc-1.no_login.later", "raised_at": AT + timedelta(seconds=5)})
    await alerts.raised([again, alert(rule="other")])
    assert {one.id for one in await alerts.entries()} == {"acc-1.no_login", "acc-1.other"}
    await alerts.dismiss("acc-1.no_login", "usr-1", "school holidays", AT)
    await alerts.raised([again])
    assert {one.id for one in await alerts.entries()} == {again.id, "acc-1.other"}


async def test_what_a_person_settles_while_a_sweep_answers_stays_settled(alerts: AlertsPort) -> None:  # RISK-85
    await alerts.raised([alert()])
    seen = await alerts.entry("acc-1.no_login")
    await alerts.dismiss(seen.id, "usr-1", "school holidays", AT)
    now = seen.model_copy(update={"held": False, "answered_at": AT, "answer": "a letter was sent"})
    await alerts.judged([now])
    await alerts.put([now])
    now = await alerts.entry(seen.id)
    assert (now.open, now.settled_by, now.reason) == (False, "usr-1", "school holidays")
    assert (now.held, now.answer) == (False, "a letter was sent")


async def test_what_a_sweep_answered_is_found_by_its_moment(alerts: AlertsPort) -> None:
    later = AT + timedelta(days=1)
    await alerts.raised([alert(answered_at=AT), alert("acc-2", answered_at=later), alert("acc-3")])
    assert [one.account_id for one in await alerts.answered(later)] == ["acc-2"]


async def test_a_person_dismisses_it_once_with_a_reason(alerts: AlertsPort) -> None:  # RISK-85
    await alerts.raised([alert()])
    first = await alerts.dismiss("acc-1.no_login", "usr-1", "school holidays", AT)
    assert (first.open, first.settled_by, first.reason, first.settled_at) == (False, "usr-1", "school holidays", AT)
    later = AT + timedelta(hours=1)
    assert await alerts.dismiss("acc-1.no_login", "usr-1", "school holidays", later) == first
    with pytest.raises(PermanentFault, match="settled since 2026-11-17"):
        await alerts.dismiss("acc-1.no_login", "usr-2", "another reason", later)
    assert await alerts.entries() == ()
    assert await alerts.entries("acc-1", open_only=False) == (first,)


async def test_one_that_is_not_there_is_named(alerts: AlertsPort) -> None:
    with pytest.raises(PermanentFault, match="'alert list' shows"):
        await alerts.entry("nothing")


async def test_a_page_shows_the_gravest_first_and_of_these_what_waits_longest(alerts: AlertsPort) -> None:
    def of(rule: str, level: RiskLevel, hours: int = 0, **more) -> AlertEntry:
        moved = {"raised_at": AT + timedelta(hours=hours)} | more
        return alert(rule=rule, level=level).model_copy(update=moved)

    low, high = of("low", RiskLevel.LOW), of("high-new", RiskLevel.HIGH, 2)
    rest = [of("none", RiskLevel.NONE), of("high-old", RiskLevel.HIGH, 1), of("watch", RiskLevel.WATCH)]
    settled = of("settled", RiskLevel.HIGH, open=False)
    await alerts.raised([low, high, *rest, of("medium", RiskLevel.MEDIUM), settled, alert("acc-2", "other")])
    first = await alerts.gravest("acc-1", limit=4)
    assert [one.rule for one in first] == ["high-old", "high-new", "medium", "low"]
    assert [one.rule for one in await alerts.gravest("acc-1", limit=4, skip=4)] == ["watch", "none"]
    assert len(await alerts.gravest(limit=10)) == 7
    assert (await alerts.gravest(open_only=False, limit=1))[0].rule == "settled"


async def test_what_became_of_accounts_is_counted_by_what_weighs_most(alerts: AlertsPort) -> None:
    done = {"answered_at": AT}
    opened = alert(rule="a", happens=Happens.OPEN_CASE, **done)
    failed = alert("acc-3", "b", happens=Happens.WATCH, answer=f"{UNANSWERED}nobody leads it", **done)
    other_sweep = alert("acc-5", answered_at=AT - timedelta(days=1))
    watched = [alert(one, "c", happens=Happens.WATCH, **done) for one in ("acc-1", "acc-2", "acc-3", "acc-4")]
    await alerts.raised([opened, failed, other_sweep, alert("acc-6"), *watched])
    found = await alerts.became(AT, WEIGHTY, UNANSWERABLE)
    assert found == {"open_case": 1, "unanswerable": 1, "watch": 2}
    assert found == Counter(one.what for one in became(await alerts.answered(AT)))
