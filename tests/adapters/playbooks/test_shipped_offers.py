"""The catalogue of offers (B.2) and the map from root causes to playbooks (B.3), against the requirements."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from models.offer import OfferKind
from models.plan import Plan

# Requirement, offer, kind, who approves, highest rate, longest time.
OFFERS = """
42 interim_manual_service manual_service cs_manager - -
43 roadmap_plus_discount discount discount_ladder 20 -
44 beta_access beta_access product_manager - -
56 training training csm - -
76 annual_prepay annual_prepay discount_ladder 25 -
77 extended_terms payment_terms finance - -
78 bridge_discount bridge discount_ladder - P6M
79 volume_discount discount discount_ladder - -
80 quarterly_billing payment_terms finance - -
81 net60 payment_terms finance - -
82 deferred_impl_fee deferred_fee finance - -
83 gradual_increase gradual_increase cs_manager - P12M
84 core_only reduced_scope cs_manager - -
85 fewer_users fewer_users cs_manager - -
86 quarterly_reduced quarterly_plan cs_manager - -
87 partial_example fewer_users cs_manager - -
88 phase_in_40_20 phase_in executive - -
89 starter_bridge bridge executive 50 P6M
100 enterprise_trial feature_trial cs_manager - P30D
101 beta_advisory beta_access product_manager - -
137 standard_at_risk discount discount_ladder 15 -
138 significant discount discount_ladder 25 -
139 emergency_only discount executive - -
142 shorter_term shorter_term cs_manager - P6M
143 performance_guarantee guarantee cs_manager - -
144 trial_extension pilot cs_manager - P90D
145 easier_exit easier_exit cs_manager - -
147 reduced_scope reduced_scope cs_manager - -
148 pause pause cs_manager - P90D
149 partner_transition partner cs_manager - -
151 month_to_month month_to_month cs_manager - -
152 extend_payment_terms payment_terms finance - -
153 upgraded_service service_level cs_manager - -
154 dedicated_resources resources cs_manager - -
155 custom_features custom_features product_manager - -
156 feature_prioritisation roadmap_priority product_manager - -
"""
PRODUCT = {"urgent_issue_resolution", "product_team_engagement", "executive_engagement"}
SERVICE = {"urgent_issue_resolution", "executive_engagement"}
BUDGET = {"price_concession", "contract_flexibility", "alternative_solution"}
RIVAL = {"product_team_engagement", "executive_engagement"}
CAUSES = [
    # causes, category, playbook, modules, blocked modules
    ("missing_feature technical_problem", "product_fit", "product_technical", PRODUCT, set()),
    ("product_bug reliability", "service_experience", "product_technical", PRODUCT, set()),
    (
        "value_perception not_adopted roi_not_calculated wrong_baseline misunderstanding value_questioned no_roi "
        "not_using_enough",
        "value_perception",
        "value_roi",
        {"executive_engagement"},
        {"price_concession"},
    ),
    (
        "service_experience support_quality failed_onboarding weak_csm_relationship resolution_speed felt_ignored "
        "service_failure communication trust csm_fit",
        "service_experience",
        "service_relationship",
        SERVICE,
        {"price_concession"},
    ),
    ("budget_absolute budget_cut", "circumstance", "budget_economic", BUDGET, set()),
    ("evaluating_competitor", "competition", "competitive_threat", RIVAL, set()),
    ("competitor_price_pressure", "competition", "competitive_threat", {*RIVAL, "price_concession"}, set()),
    ("better_alternative", "product_fit", "competitive_threat", RIVAL, set()),
    ("champion_departure", "champion_loss", "champion_departure", {"executive_engagement"}, set()),
    ("internal_change", "circumstance", "champion_departure", {"executive_engagement"}, set()),
    ("fundamental_mismatch", "product_fit", "common_spine", {"alternative_solution"}, set()),
    (
        "strategic_pivot budget_eliminated market_change external_factors",
        "circumstance",
        "common_spine",
        {"alternative_solution"},
        set(),
    ),
    ("acquisition", "circumstance", "common_spine", {"executive_engagement"}, set()),
]


@pytest.mark.parametrize("row", OFFERS.strip().splitlines(), ids=lambda row: row.split()[1])
def test_an_offer_is_what_the_requirements_say(plans: dict[str, Plan], row: str) -> None:
    number, name, kind, approval, rate, longest = row.split()
    offer = next(plan.offer(name) for plan in plans.values() if plan.offer(name))
    assert offer is not None
    assert (offer.req, offer.kind, offer.approval) == (f"PLAY-{number}", kind, approval)
    assert (str(offer.limit_pct), str(offer.limit_duration)) == (
        rate.replace("-", "None"),
        longest.replace("-", "None"),
    )


def test_the_catalogue_holds_every_offer_once(plans: dict[str, Plan]) -> None:
    own = Counter(offer.id for plan in plans.values() for offer in plan.offers)
    own.update(offer.id for offer in plans["common_spine"].policy.offers)
    assert own == Counter(row.split()[1] for row in OFFERS.strip().splitlines())


def test_offers_ask_for_what_they_cannot_do_without(plans: dict[str, Plan]) -> None:
    offers = {offer.req: offer for plan in plans.values() for offer in plan.offers}
    assert offers["PLAY-143"].needs == ("metric", "target", "measure_date")
    assert offers["PLAY-145"].needs == ("improve_by_P60D", "exit_notice_P30D")
    assert [(step.months, step.pct) for step in offers["PLAY-88"].schedule] == [("1-3", 40), ("4-6", 20), ("7+", 0)]
    assert str(offers["PLAY-44"].lead) == "P14D"


@pytest.mark.parametrize(
    ("codes", "category", "playbook", "modules", "blocked"), CAUSES, ids=[str(row[0]).split()[0] for row in CAUSES]
)
def test_a_cause_picks_its_playbook_and_modules(
    plans: dict[str, Plan], codes: str, category: str, playbook: str, modules: set[str], blocked: set[str]
) -> None:
    rules = {rule.code: rule for rule in plans["common_spine"].policy.root_causes}  # PLAY-150, DIS-15
    for code in codes.split():
        rule = rules[code]
        assert (rule.category, rule.playbook) == (category, playbook), code
        assert (set(rule.modules), set(rule.blocked_modules)) == (modules, blocked), code


def test_no_cause_is_missing_from_the_map(plans: dict[str, Plan]) -> None:
    known = sorted(rule.code for rule in plans["common_spine"].policy.root_causes)
    assert known == sorted(code for row in CAUSES for code in row[0].split())


def test_a_module_that_a_playbook_may_draw_on_suits_some_cause_that_picks_it(
    plans: dict[str, Plan], shipped: Path
) -> None:
    causes = plans["common_spine"].policy.root_causes
    for file in sorted((shipped / "save").glob("*.yaml")):
        named = yaml.safe_load(file.read_text(encoding="utf-8")).get("modules")
        wanted = {module for rule in causes if rule.playbook == file.stem for module in rule.modules}
        assert file.stem == "common_spine" or set(named) == wanted, file.stem


def test_the_manual_lists_every_kind_of_offer(shipped: Path) -> None:
    manual = (shipped.parent / "docs" / "writing-a-playbook.md").read_text(encoding="utf-8")
    assert [kind for kind in OfferKind if f"`{kind}`" not in manual] == []


def test_every_kind_of_offer_has_one_that_ships(plans: dict[str, Plan]) -> None:
    made = {offer.kind for plan in plans.values() for offer in (*plan.offers, *plan.policy.offers)}
    assert made == set(OfferKind)
