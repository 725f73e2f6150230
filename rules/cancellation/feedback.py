"""What the customer says and wants besides: the survey, a clean break, their data, proof of its deletion (OFFB-27..37)."""

from __future__ import annotations

from datetime import datetime

from models import cancellation_commands as cc
from models.cancellation import CancellationCase, Feedback, SurveyAnswer
from models.case import RefusalType
from models.survey import SurveyQuestion
from rules.cancellation import following
from rules.edit import change, say
from rules.refusal import Refused, one_of
from rules.routing import policy_of


def answer(case: CancellationCase, command: cc.AnswerSurvey, now: datetime) -> CancellationCase:
    """The answers, kept word for word; the question about the cancellation itself is apart (AMB-28).

    They are asked once; what they add or correct by themselves while the case is open counts.
    """
    if not command.answers and command.satisfaction is None:
        raise Refused(RefusalType.EVIDENCE_MISSING, "an answer holds at least one of 'answers' and 'satisfaction'")
    if command.answers:
        case = _answers(case, command, now)
    if command.satisfaction is None:
        return case
    before = "" if case.satisfaction in (None, command.satisfaction) else f", before: {case.satisfaction}"
    text = f"{command.satisfaction} of 10 for the cancellation itself{before}"
    return say(change(case, satisfaction=command.satisfaction), now, "satisfaction", text)


def _answers(case: CancellationCase, command: cc.AnswerSurvey, now: datetime) -> CancellationCase:
    known = {question.id: question for question in policy_of(case).survey.questions}
    strange = sorted(set(command.answers) - set(known))
    if strange:
        raise Refused(
            RefusalType.BAD_PAYLOAD, f"the survey has no question {one_of(strange)}; its: {one_of(sorted(known))}"
        )
    before = {answer.question: answer.text for answer in case.answers}
    given = {q: _read(known[q], text) for q, text in command.answers.items() if text}
    answers = tuple(SurveyAnswer(question=q, text=text) for q, text in (before | given).items())
    text = f"the customer answered {len(answers)} of {len(known)} questions{_corrections(before, given)}"
    return say(change(case, feedback=Feedback.ANSWERED, answers=answers), now, "feedback", text)


def _read(question: SurveyQuestion, given: str) -> str:
    """The answer to a question of its kind. Raises ``Refused(BadPayload)`` with what would be one (OFFB-32)."""
    if (text := question.read(given)) is None:
        raise Refused(RefusalType.BAD_PAYLOAD, f"'{given}' is no answer to '{question.id}'; give {question.wants()}")
    return text


def _corrections(before: dict[str, str], given: dict[str, str]) -> str:
    """What was answered otherwise before; the last word counts, the earlier one stays in the history."""
    changed = [f"{q} was '{before[q]}'" for q, text in given.items() if before.get(q, text) != text]
    return f"; corrected: {', '.join(changed)}" if changed else ""


def decline(case: CancellationCase, command: cc.DeclineSurvey, now: datetime) -> CancellationCase:
    """A no is respected: nobody asks again (OFFB-34)."""
    if case.feedback is Feedback.ANSWERED:
        raise Refused(RefusalType.ALREADY_DECIDED, "the survey was answered already")
    case = change(case, feedback=Feedback.DECLINED)
    words = f": {command.words}" if command.words else ""
    return say(case, now, "feedback_declined", f"the customer does not want to be asked; nobody asks again{words}")


def set_clean_break(case: CancellationCase, command: cc.SetCleanBreak, now: datetime) -> CancellationCase:
    """No contact any more but what the law and the contract ask for (OFFB-51, AMB-43)."""
    if case.clean_break == command.clean_break:
        word = "wants" if case.clean_break else "does not want"
        return say(case, now, "clean_break", f"the customer {word} a clean break already")
    text = "the customer wants no contact any more" if command.clean_break else "the customer may be contacted again"
    return say(change(case, clean_break=command.clean_break), now, "clean_break", text, by=command.by)


def choose_data(case: CancellationCase, command: cc.ChooseData, now: datetime) -> CancellationCase:
    """Deleted, or returned and then deleted: the customer's choice is on record."""
    if case.data_choice is not command.choice:
        case = following.told_again(change(case, data_choice=command.choice), now)
    return say(case, now, "data_choice", f"the data: {command.choice}", by=command.by)


def want_proof(case: CancellationCase, command: cc.RequestDeletionProof, now: datetime) -> CancellationCase:
    """The customer wants the deletion confirmed in writing once it is done (OFFB-26)."""
    if case.proof_wanted:
        return say(case, now, "proof_wanted", "a written confirmation of the deletion is on the list already")
    text = "the customer gets a written confirmation once the data is deleted"
    case = following.told_again(change(case, proof_wanted=True), now)
    return say(case, now, "proof_wanted", text, by=command.by)
