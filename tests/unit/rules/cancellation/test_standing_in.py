"""Who stands in for the named coordinator promises nothing that ends with their return (CANC-24, CANC-28)."""

from __future__ import annotations

from models.case import Case
from models.commands import ReleaseMessage
from models.effects import Action, Outcome, Verb
from models.step import Step
from rules import follow_through, standing_in
from rules.cancellation.readers import first_writer
from tests.unit.rules.leaving import Leaving, company
from tests.unit.rules.test_absence import away_file
from workflows.effects import EFFECTS


def leaving(**absent: tuple[float, float]) -> Leaving:
    usual, team = company(), away_file(**absent).team

    def answers(case: Case, action: Action) -> Outcome:
        told = usual(case, action)
        return told.model_copy(update={"file": told.file.model_copy(update={"team": team})}) if told.file else told

    return Leaving(answers)


def acknowledgement(d: Leaving) -> Step:
    return next(step for step in d.case.steps if step.step_id == "acknowledgement")


def release(d: Leaving, by: str) -> str:
    """Whom the letter says that its signer stands in for."""
    d.do(ReleaseMessage(message_id="acknowledgement-1", by=by), settle=False)
    action = next(one for one in follow_through.due(d.case, d.now) if one.verb is Verb.RELEASE_MESSAGE)
    return EFFECTS[Verb.RELEASE_MESSAGE].request(d.case, action).stands_in_for


def drafted(d: Leaving) -> tuple[str, str]:
    sent = (action for _, action in d.sent if action.verb is Verb.DRAFT_MESSAGE)
    action = next(one for one in sent if acknowledgement(d).id in one.steps)
    request = EFFECTS[Verb.DRAFT_MESSAGE].request(d.case, action)
    return request.signer, request.stands_in_for


def test_the_deputy_of_whoever_is_away_signs_for_them_in_the_draft_and_in_the_letter():
    d = leaving(p_csm=(-1, 3))
    assert drafted(d) == ("p-csm2", "p-csm")
    assert release(d, "p-csm2") == "p-csm"


def test_who_signs_their_own_letter_and_who_signs_while_they_are_here_stands_in_for_nobody():
    assert drafted(leaving()) == ("p-csm", "")
    assert release(leaving(), "p-mgr") == ""
    assert release(leaving(p_csm=(5, 9)), "p-csm") == ""


def test_nobody_stands_in_for_somebody_who_does_not_come_back():
    d = leaving(p_csm=(-1, 3))
    d.directory_says(d.case.team.person("p-csm").model_copy(update={"active": False}))
    assert standing_in.for_whom(d.case, acknowledgement(d), "p-csm2", d.now) == ""


def test_who_is_back_writes_in_nobodys_place_and_a_third_says_for_whom():  # TMPL-37
    d = leaving(p_csm=(-1, 3))
    d.release("acknowledgement")
    later = next(step for step in d.case.steps if step.step_id == "follow_up")
    signers = {"p-csm": "", "p-csm2": "p-csm2", "p-mgr": "p-csm2"}
    told = {by: first_writer(d.case, later.model_copy(update={"person": by})) for by in signers}
    assert told == signers
