"""The RACI at work: who may complete a step of an activity, who is asked, who hears of it (SAVE-26)."""

from __future__ import annotations

from datetime import timedelta

from models.effects import Word
from models.policy import Policy
from models.raci import RaciException, RaciRule
from tests.unit.rules.plans import POLICY, drive, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import START, Drive

WORKAROUND = RaciRule(
    activity="workaround",
    title="Workaround",
    steps=("find_way",),
    responsible=("support",),
    accountable="product_manager",
    consulted=("engineering",),
    informed=("cs_manager", "sales"),
    besides=(RaciException(severities=("critical",), informed=("executive",)),),
)


def policy(*rules: RaciRule) -> Policy:
    return POLICY.model_copy(update={"raci": rules})


def opening_later(**fields: object) -> Drive:
    later = {"opens": {"offset": "PT2H"}, "due": "PT48H"}
    return drive(spec("find_way", **later, **fields), policy=policy(WORKAROUND))


def heard(d: Drive, word: Word) -> list[str]:
    return [person for _, person, said, step in d.told() if said is word and step.startswith("find_way")]


def test_whoever_is_responsible_or_accountable_may_complete_it():  # SAVE-26
    for by in ("p-sup", "p-pm"):
        d = drive(spec("find_way"), policy=policy(WORKAROUND))
        d.do(note("find_way", by=by))
        assert d.case.step("find_way").ended_by == by


def test_whoever_is_only_consulted_or_informed_may_not():  # SAVE-26
    for by in ("p-eng", "p-sales"):
        assert refused(drive(spec("find_way"), policy=policy(WORKAROUND)), note("find_way", by=by)).kind == "NotAllowed"


def test_whoever_is_consulted_is_asked_as_it_opens_and_whoever_is_informed_hears_when_it_is_done():  # SAVE-26
    d = opening_later()
    assert heard(d, Word.CONSULTED) == []
    d.after(hours=3)
    assert (heard(d, Word.CONSULTED), heard(d, Word.INFORMED)) == (["p-eng"], [])
    d.do(note("find_way", by="p-sup"))
    assert (heard(d, Word.CONSULTED), heard(d, Word.INFORMED)) == (["p-eng"], ["p-mgr", "p-sales"])


def test_whoever_did_it_is_not_told_that_it_is_done():
    d = opening_later()
    d.after(hours=3)
    d.do(note("find_way", by="p-mgr"))
    assert heard(d, Word.INFORMED) == ["p-sales"]


def test_whoever_takes_part_in_it_anyway_is_not_asked_besides():
    d = opening_later(**{"with": ["engineering"]})
    d.after(hours=3)
    assert heard(d, Word.CONSULTED) == []


def test_on_a_critical_account_more_people_hear_of_it():  # SAVE-26, AMB-12
    d = opening_later()
    critical = d.case.assessment.model_copy(update={"severity": "critical"})
    d.case = d.case.model_copy(update={"assessment": critical})
    d.after(hours=3)
    d.do(note("find_way", by="p-sup"))
    assert "p-exec" in heard(d, Word.INFORMED)


def test_a_rhythm_is_not_announced_at_every_turn():
    rhythm = spec("find_way", opens={"offset": "PT2H"}, recur="P1D", until={"times": 5})
    d = drive(rhythm, policy=policy(WORKAROUND))
    d.until(START + timedelta(days=4))
    assert heard(d, Word.CONSULTED) == ["p-eng"]


def test_what_opens_with_the_case_is_left_to_the_alert_of_the_opening():
    d = drive(spec("find_way"), policy=policy(WORKAROUND))
    d.after(hours=3)
    assert heard(d, Word.CONSULTED) == []


def test_the_shipped_raci_speaks_of_the_standup_and_of_the_weekly_update():  # SAVE-23
    steps = {rule.activity: rule.steps for rule in POLICY.raci}
    assert steps["daily_standup"] == ("standup",)
    assert "weekly_update" in steps["updates_and_check_ins"]
