"""The preparation brief: five sections for one reader, from what is recorded and nothing else (CONV-8..13)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models.account import Money
from models.brief import StatedCase
from models.crm import AccountRecord, Contact, NoteRecord
from models.facts import InboundFact
from models.offer import OfferKind
from models.usage import Shape
from rules.brief import brief
from rules.brief_offers import offer_lines
from rules.concessions import approver
from tests.unit.rules.briefing import DAYS, NOW, answer, facts, ticket, used

OPENED = datetime(2026, 11, 16, 2, 5, tzinfo=UTC)


def test_conv_9_the_stated_reason_the_cause_and_what_reached_us_stand_first() -> None:
    signal = InboundFact(id="inb-1", account_id="acc-1", at=OPENED, kind="usage_falling", detail="down by 70 %")
    future = signal.model_copy(update={"id": "inb-2", "at": NOW + timedelta(hours=1)})
    case = StatedCase(reason="budget was cut", root_cause="budget_cut", opened_at=OPENED)
    found = brief(facts(case=case, signals=(signal, future)), NOW).reason
    assert (found.stated, found.root_cause, found.category) == ("budget was cut", "The budget was cut", "circumstance")
    assert [each.id for each in found.signals] == ["inb-1"]


def test_conv_9_where_nobody_gave_a_reason_none_is_made_up() -> None:
    found = brief(facts(), NOW).reason
    assert (found.stated, found.root_cause, found.category, found.signals) == ("", "", "", ())


def test_conv_10_the_history_says_how_long_and_how_near_the_renewal_is() -> None:
    account = AccountRecord(
        id="acc-1", name="A", customer_since=date(2019, 3, 17), renewal_date=date(2026, 12, 31), arr=Money(minor=5)
    )
    found = brief(facts(account=account), NOW).history
    assert (found.months, found.days_to_renewal) == (7 * 12 + 7, 45)
    assert brief(facts(), NOW).history.months is None


def test_conv_10_the_history_says_what_they_first_bought_it_for() -> None:
    account = AccountRecord(id="acc-1", name="A", bought_for="The halal audit")
    assert brief(facts(account=account), NOW).history.bought_for == "The halal audit"


def test_conv_10_the_trend_is_that_of_the_90_days_before_the_call() -> None:
    found = brief(facts(usage=used(lambda day: 30.0 if day >= DAYS[60] else 100.0)), NOW).history.trend
    assert (found.shape, found.broke_on, found.change_pct) == (Shape.SUDDEN_DROP, DAYS[60], -70)
    assert (found.period.since, found.period.until) == (DAYS[0], NOW.date())


def test_conv_11_tickets_of_90_days_are_counted_and_older_ones_are_not() -> None:
    edge = datetime(2026, 8, 18, 0, 0, tzinfo=UTC)
    tickets = (
        ticket(1, edge - timedelta(seconds=1), severity="high"),
        ticket(2, edge, severity="high", sentiment="negative", closed_at=edge),
        ticket(3, NOW, severity="low"),
        ticket(4, NOW + timedelta(seconds=1)),
    )
    found = brief(facts(tickets=tickets), NOW).interactions
    assert [each.id for each in found.tickets] == ["tic-3", "tic-2"]
    assert {each.kind: each.count for each in found.severities} == {"high": 1, "low": 1}
    assert {each.kind: each.count for each in found.sentiments} == {"negative": 1, "unsaid": 1}
    assert found.still_open == 1


def test_conv_11_nps_answers_come_with_the_name_and_notes_with_their_date() -> None:
    contact = Contact(id="con-1", account_id="acc-1", name="Jacinta", email="j@a.example")
    note = NoteRecord(key="n", account_id="acc-1", case_id="", text="QBR moved", at=NOW - timedelta(days=3))
    old = note.model_copy(update={"key": "o", "at": NOW - timedelta(days=120)})
    given = facts(nps=(answer(NOW - timedelta(days=1), 2, "too slow"),), contacts=(contact,), notes=(note, old))
    found = brief(given, NOW).interactions
    assert [(line.name, line.answer.score) for line in found.nps] == [("Jacinta", 2)]
    assert [each.text for each in found.notes] == ["QBR moved"]


def test_conv_11_usage_is_compared_by_measured_day_and_says_where_there_is_nothing_before() -> None:
    found = brief(facts(usage=used(lambda day: 10.0 if day.weekday() < 5 else None, "logins")), NOW).interactions.usage
    assert [(each.now.total, each.now.measured_days, each.change_pct) for each in found] == [(640.0, 64, None)]


@pytest.mark.parametrize(
    ("roles", "asked"),
    [
        (("csm",), [("cs_manager", 25), ("executive", 100)]),
        (("cs_manager",), [("executive", 100)]),
        (("support",), [("csm", 15), ("cs_manager", 25), ("executive", 100)]),
    ],
)
def test_conv_12_the_reader_learns_who_says_yes_to_how_much_and_never_says_it_alone(
    roles: tuple[str, ...], asked: list[tuple[str, int]]
) -> None:
    found = brief(facts("budget_cut", roles=roles), NOW).offers
    assert [(each.role, each.up_to_pct) for each in found.price] == asked


def test_conv_12_what_needs_a_yes_names_who_gives_it() -> None:
    found = brief(facts("budget_cut", "budget_economic"), NOW).offers
    needs = {line.id: line.approver for line in found.approved}
    prepay = needs["annual_prepay"]
    assert prepay is not None
    assert (prepay.role, [each.name for each in prepay.people]) == ("cs_manager", ["Tomasz"])
    assert needs["phase_in_40_20"].role == "executive"  # type: ignore[union-attr]


def test_conv_12_the_brief_names_the_approver_that_the_proposal_then_asks() -> None:
    given = facts("budget_cut", "budget_economic")
    policy = given.plan.policy
    named = {line.id: line.approver.role if line.approver else "" for line in offer_lines(given)}
    for spec in (*given.plan.offers, *policy.offers):
        rate = max([step.pct for step in spec.schedule] + [spec.limit_pct or 0])
        if spec.id in named:
            assert named[spec.id] == approver(policy, spec, rate, given.roles, to_the_top=False)


def test_save_47_a_doubt_about_value_is_never_answered_with_a_price() -> None:
    found = brief(facts("no_roi", "budget_economic"), NOW).offers
    assert OfferKind.DISCOUNT in found.blocked
    offered = {line.kind for line in (*found.alone, *found.approved)}
    assert not offered & set(found.blocked)
    assert "core_only" in {line.id for line in found.approved}


def test_save_37_before_a_cause_is_known_the_brief_says_that_nothing_may_be_offered() -> None:
    assert not brief(facts(), NOW).offers.diagnosed
    assert brief(facts("budget_cut"), NOW).offers.diagnosed


def test_conv_13_features_that_were_measured_and_never_used_are_alternatives() -> None:
    measures = (*used(lambda day: 0.0, "bulk_import"), *used(lambda day: 3.0, "exports"))
    found = brief(facts(usage=measures), NOW).alternatives
    assert [(each.metric, each.measured_days) for each in found.unused] == [("bulk_import", 90)]


@pytest.mark.parametrize(("events", "little"), [(29.0, True), (30.0, False)])
def test_conv_13_little_use_of_key_features_per_active_user_is_said(events: float, little: bool) -> None:
    people = used(lambda day: 10.0)
    found = brief(facts(usage=(*people, *used(lambda day: events, "key_feature_events"))), NOW).alternatives
    assert (found.per_user, found.little) == (events / 10, little)


def test_conv_13_only_days_with_both_measures_tell_the_use_per_person() -> None:
    people = used(lambda day: 10.0)
    events = used(lambda day: 50.0 if day >= DAYS[80] else None, "key_feature_events")
    found = brief(facts(usage=(*people, *events)), NOW).alternatives
    assert (found.per_user, found.measured_days) == (5.0, 10)
    assert brief(facts(usage=people), NOW).alternatives.per_user is None


def test_conv_13_other_ways_of_working_together_come_from_the_plan() -> None:
    found = brief(facts("budget_cut", "budget_economic"), NOW).alternatives
    assert {"core_only", "fewer_users", "quarterly_reduced"} <= {line.id for line in found.offers}
    assert [line.id for line in brief(facts(), NOW).alternatives.offers] == ["pause"]  # with every plan: PLAY-148
