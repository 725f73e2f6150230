"""Whether who leaves wants to hear when what they named is fixed: their own answer to the survey says so (OFFB-37)."""

from __future__ import annotations

from models.cancellation import CancellationCase, SurveyAnswer
from models.survey import SurveyQuestion
from rules.routing import policy_of

YES = "yes"


def may_tell(case: CancellationCase) -> bool | None:
    """Their answer to the question that the policy marks as the opt-in; None where they gave none.

    Silence is no yes, and neither is an answer that is none of the choices.
    """
    asked = next((question for question in policy_of(case).survey.questions if question.opt_in), None)
    given = next((answer for answer in case.answers if asked and answer.question == asked.id), None)
    return _chosen(asked, given) == YES if asked and given else None


def _chosen(asked: SurveyQuestion, given: SurveyAnswer) -> str:
    """The id of the choice that an answer names by its id or by its text in any language; empty for none."""
    text = given.text.strip().casefold()
    fits = (one.id for one in asked.choices if text in {one.id, *(said.casefold() for said in one.text.values())})
    return next(fits, "")
