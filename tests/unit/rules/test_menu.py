"""What may be offered, and for which cause, can be looked up before anybody proposes anything (SAVE-37..51, PLAY-150)."""

from __future__ import annotations

from models.menu import Menu
from rules import menu
from tests.unit.rules.world import plan

POLICY = plan("common_spine").policy
RULES = {rule.code: rule for rule in POLICY.root_causes}


def of(cause: str) -> Menu:
    rule = RULES[cause]
    return menu.menu([plan(name) for name in (rule.playbook, *rule.modules)], POLICY, rule)


def test_each_offer_says_where_it_comes_from_who_approves_it_and_how_its_cost_is_counted():
    lines = {line.id: line for line in of("budget_cut").lines}
    bridge, guarantee, pause = lines["bridge_discount"], lines["performance_guarantee"], lines["pause"]
    assert (bridge.source, bridge.module, bridge.approval, bridge.tied) == (
        "budget_economic",
        False,
        "discount_ladder",
        True,
    )
    assert (guarantee.source, guarantee.module, guarantee.approval) == ("contract_flexibility", True, "cs_manager")
    assert "measure_date" in guarantee.needs
    assert (bridge.cost, pause.cost) == (
        "the yearly price x the rate, over months 1 to 12",
        "the yearly price x days / 365",
    )
    assert lines["fewer_users"].cost == "the yearly price less the new one"
    assert lines["upgraded_service"].source == ""


def test_the_headline_of_a_phased_price_is_its_highest_rate():
    lines = {line.id: line for line in of("budget_cut").lines}
    assert lines["phase_in_40_20"].limit_pct == 40  # DIS-12


def test_a_price_is_blocked_where_the_cause_is_one_that_no_price_answers():
    blocked = menu.menu([plan("price_concession")], POLICY, RULES["no_roi"]).lines  # SAVE-47
    assert {line.id for line in blocked if line.blocked} == {"standard_at_risk", "significant", "emergency_only"}
    assert not any(line.blocked for line in of("budget_cut").lines)


def test_the_ladder_and_the_ties_stand_below():
    found = of("trust")
    assert [(rung.up_to_pct, rung.role) for rung in found.ladder] == [
        (15, "csm"),
        (25, "cs_manager"),
        (100, "executive"),
    ]
    assert "reference" in found.ties


def test_every_root_cause_is_listed_with_what_it_picks():
    lines = {line.code: line for line in menu.causes(POLICY)}
    assert set(lines) == set(RULES)
    assert (lines["budget_cut"].playbook, lines["budget_cut"].no_price) == ("budget_economic", False)
    assert lines["no_roi"].no_price
