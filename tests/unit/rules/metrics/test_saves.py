"""How saving went: attempts, playbooks, response times, promises, and whether it lasted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.metrics import MISSED, CaseRecord
from models.metrics_policy import UNVERIFIED, MetricId
from models.recovery import RecoveryCase
from tests.unit.rules.metrics.measured import (
    NOW,
    ago,
    board,
    booked,
    case,
    counted,
    event,
    left,
    metric,
    promise,
    reading,
    recovery,
    review,
    save,
    step,
)
from tests.unit.rules.recovering import Recovery
from tests.unit.rules.world import START, Drive

INVITED = [{"n": 1, "at": ago(19), "accepted": True, "answered_at": ago(18)}]


def test_the_save_rate_of_attempts_is_of_those_who_were_invited():  # METR-4
    records = (
        left("acc-1", outcome="saved", invitations=INVITED),
        left("acc-2", invitations=INVITED),
        left("acc-3", invitations=[{"n": 1, "at": ago(19), "accepted": False}]),
        left("acc-4", outcome="saved"),
        left("acc-5", closed=None, invitations=INVITED),
    )
    found = metric(4, *records)
    assert counted("stayed, of those invited", found) == (1, 3)
    assert counted("stayed, of those who talked", found) == (1, 2)
    assert reading("stayed, of those invited", found).meets is True


def test_a_deferred_save_decides_nothing():  # METR-12
    outcomes = ("saved_full", "paused", "lost", "no_contact", "deferred", "rejected", None)
    found = metric(12, *(save(f"acc-{n}", outcome) for n, outcome in enumerate(outcomes)))
    assert counted("saved", found) == (2, 4)


def righting(wrong: CaseRecord, outcome: str | None, **fields: Any) -> CaseRecord:
    """The save that puts the outcome of another one right."""
    given = {
        "case_id": wrong.case.case_id,
        "outcome": wrong.case.outcome,
        "by": "p-mgr",
        "at": ago(20),
        "why": "a typo",
    }
    return save(wrong.case.account_id, outcome, **{"opened": 20, "closed": 19, "corrects": given} | fields)


def test_an_outcome_that_was_stated_wrongly_counts_as_what_was_right():  # CONV-21, METR-12
    wrong = save("acc-1", "saved_full")
    assert counted("saved", metric(12, wrong)) == (1, 1)
    assert counted("saved", metric(12, wrong, righting(wrong, "lost"))) == (0, 1)
    other = save("acc-2", "lost")
    assert counted("saved", metric(12, other, righting(other, "saved_full"), wrong)) == (2, 2)


def test_until_it_is_closed_rightly_nothing_is_decided():  # METR-12
    wrong = save("acc-1", "saved_full")
    assert counted("saved", metric(12, wrong, righting(wrong, None))) == (None, 0)


def test_what_puts_a_correction_right_counts_last():
    wrong = save("acc-1", "saved_full")
    again = righting(wrong, "lost")
    last = righting(again, "saved_partial", opened=18, closed=17)
    assert counted("saved", metric(12, wrong, again, last)) == (1, 1)


def test_a_correction_is_no_attempt_of_its_own():  # RISK-106, METR-13, METR-15
    wrong = save("acc-1", "saved_full", contact=5)
    found = metric(13, wrong, righting(wrong, "lost", plan="common_spine@1"))
    assert counted("product_technical: saved", found) == (0, 1)
    assert not [one for one in found.readings if one.name.startswith("common_spine")]
    quick = metric(15, wrong, righting(wrong, "lost", contact=90))
    assert counted("in time by the matrix", quick) == (1, 1)
    assert counted("saved, first contact within", quick) == (0, 1)


def test_whether_it_lasted_is_counted_from_the_right_end():  # METR-17, SAVE-35
    wrong = save("acc-1", "lost", opened=200, closed=190)
    right = righting(wrong, "saved_full", opened=120, closed=100)
    assert counted("still a customer after 90 days", metric(17, wrong, right)) == (1, 1)


def test_a_playbook_is_as_good_as_the_saves_that_are_verified():  # METR-13, SAVE-31..34
    saves = (save("acc-1"), save("acc-2"), save("acc-3", "lost"), save("acc-4", plan="value_roi@2"))
    judged = (
        recovery("acc-1", opened_at=ago(30), verified=True),
        recovery("acc-2", opened_at=ago(30), verified=False),
        recovery("acc-4", opened_at=ago(90), verified=True),
    )
    found = metric(13, *saves, *judged)
    assert counted("product_technical: saved", found) == (2, 3)
    assert counted("product_technical: verified", found) == (1, 2)
    assert counted("value_roi: verified", found) == (None, 0)


def test_the_book_has_what_a_recovery_found_of_its_save():  # METR-13
    driven = Recovery()
    assert booked(driven.case, driven.now).case.verified is None
    judged: RecoveryCase = driven.case.model_copy(update={"verified": True})
    assert booked(judged, driven.now).case.verified is True


def test_a_week_without_a_ticket_is_no_week_that_kept_the_service_level():  # METR-14
    weeks = [
        step(f"sla_tracking/{n}", ago(28 - 7 * n), ago(21 - 7 * n), ago(21 - 7 * n), evidence={"text": text})
        for n, text in enumerate(
            ("100 % (3 of 3) answered", "50 % (1 of 2) answered", "no answer to a ticket fell due from")
        )
    ]
    record = save(outcome=None, steps=weeks).model_copy(
        update={"timeline": (event(MISSED, "50 %", ago(14), "sla_tracking/1"),)}
    )
    found = metric(14, record)
    assert counted("weeks", found) == (1, 2)
    assert reading("weeks", found).meets is False


def test_a_first_contact_that_never_came_is_late_by_the_matrix_and_the_rule():  # METR-15, RISK-106
    never = save("acc-3", None, steps=[step("contact_call", ago(60), ago(58), None)])
    fresh = save("acc-4", None, opened=1, steps=[step("contact_call", ago(1), NOW + timedelta(days=1), None)])
    found = metric(15, save("acc-1", contact=20), save("acc-2", "lost", contact=200), never, fresh)
    assert counted("in time by the matrix", found) == (1, 3)
    assert counted("within 48 hours", found) == (1, 3)


def test_the_save_rate_is_told_apart_by_how_fast_the_first_contact_was():  # METR-15, BENCH-2
    quick = (save("acc-1", contact=20), save("acc-2", "lost", contact=48))
    found = metric(15, *quick, save("acc-3", "lost", contact=200), save("acc-4", contact=100))
    assert counted("saved, first contact within 48 hours", found) == (1, 2)
    assert counted("saved, first contact after 7 days", found) == (0, 1)


def test_a_promise_that_was_broken_stays_broken_when_it_is_delivered_late():  # METR-16
    kept = promise(5, "customer_confirmed", done_at=ago(6))
    late = promise(5, "done", id="promise_2", title="a call", breached_at=ago(5))
    dropped = promise(5, "dropped", id="promise_3", title="a visit")
    ahead = promise(-5, "open", id="promise_4", title="a report")
    owed = promise(5, "open", id="promise_5", title="a fix")
    found = metric(16, save(outcome=None, commitments=[kept, late, dropped, ahead, owed]))
    assert counted("promises kept", found) == (1, 3)


def test_a_promise_that_goes_along_into_the_recovery_counts_once():  # METR-16
    carried = promise(5, "done", id="com_1")
    later = CaseRecord(case=case("recovery", opened_at=ago(30)), commitments=(carried,))
    found = metric(16, later, save(commitments=[promise(5, "open")]))
    assert counted("promises kept", found) == (1, 1)


def test_a_weekly_update_that_was_missed_is_counted_and_one_that_is_not_owed_is_not():  # METR-16, SAVE-18
    turns = [
        step("weekly_update/1", ago(30), ago(23), ago(24)),
        step("weekly_update/2", ago(23), ago(16), ago(15)),
        step("weekly_update/3", ago(16), ago(9), ago(8), state="failed"),
        step("weekly_update/4", ago(9), ago(2), ago(3), state="skipped"),
        step("weekly_update/5", ago(2), NOW + timedelta(days=5), None),
    ]
    assert counted("weekly updates", metric(16, save(outcome=None, steps=turns))) == (1, 3)


def test_a_weekly_update_that_is_skipped_after_its_day_was_missed():  # METR-16, SAVE-18
    turns = [step("weekly_update/1", ago(9), ago(2), ago(1), state="skipped")]
    assert counted("weekly updates", metric(16, save(outcome=None, steps=turns))) == (0, 1)


def test_a_driven_save_books_when_a_promise_was_broken():  # METR-16
    driven = Drive()
    driven.until(START + timedelta(days=9))
    found = metric(16, booked(driven.case, driven.now), now=driven.now)
    kept, owed = counted("weekly updates", found)
    assert (kept, owed) == (0, 1)


def test_a_save_lasted_where_the_customer_had_not_left_by_then():  # METR-17, SAVE-35
    saved = [save(f"acc-{n}", opened=430, closed=400) for n in (1, 2, 3)] + [save("acc-4", opened=60, closed=30)]
    gone = (left("acc-2", asked=380, closed=360), left("acc-3", asked=230, closed=200))
    found = metric(17, *saved, *gone)
    assert counted("still a customer after 90 days", found) == (2, 3)
    assert counted("still a customer after 6 months", found) == (2, 3)
    assert counted("still a customer after 12 months", found) == (1, 3)


def test_a_customer_who_left_before_is_not_lost_again():  # METR-17
    found = metric(17, save(opened=430, closed=400), left(asked=600, closed=500))
    assert counted("still a customer after 90 days", found) == (1, 1)


def test_a_spot_check_that_never_ended_counts_nothing():  # METR-8
    assert metric(8).said == "none has ended in this period"
    assert metric(8, review("spot_check", closed=None)).said.endswith("'spot_check.2030-W21' waits to be held")


def test_a_review_of_the_themes_counts_how_often_it_was_held():  # METR-9
    held, missed = review("feedback_themes", closed=40), review("feedback_themes", "not_held", closed=70)
    assert metric(9, held, missed).said == "held 1 of 2 times, last on 2030-04-24"


def test_the_review_of_another_kind_is_not_an_audit():  # METR-10
    assert metric(10, review("feedback_themes", closed=40)).said == "none has ended in this period"


def test_the_board_says_what_these_figures_cannot_show():  # METR-11
    assert "trail" in metric(11).said


def test_every_metric_is_there_and_an_empty_book_shows_no_share():
    found = board()
    assert [one.id for one in found.metrics] == list(MetricId)
    assert not [
        read for one in found.metrics for read in one.readings if read.share is not None or read.part is not None
    ]
    assert {one.said for one in found.metrics if one.id in ("METR-2", "METR-12", "METR-16")} == {"nothing measured yet"}


def test_a_reference_is_an_unverified_claim_and_never_a_target():
    found = metric(12, save())
    assert (found.target, [line.id for line in found.references]) == (None, ["BENCH-1"])
    assert UNVERIFIED == "unverified claim of the source"


def test_a_promise_that_was_entered_by_mistake_counts_neither_way():  # METR-16
    both = [promise(5, "done", done_at=ago(6)), promise(5, "withdrawn", id="promise_2", title="typed twice")]
    assert counted("promises kept", metric(16, save(commitments=both))) == (1, 1)
