"""What a leaving customer says, or does not want to say (OFFB-27..37, OFFB-51)."""

from __future__ import annotations

import pytest

from models import cancellation_commands as cc
from models import commands as c
from models.case import RefusalType
from models.people import Seat
from rules.cancellation import following, opting, showing
from rules.refusal import Refused
from tests.unit.rules.leaving import Leaving, company
from tests.unit.rules.world import proof


def asked() -> Leaving:
    d = Leaving()
    d.confirmed()
    d.work_through(2)
    assert d.state("survey_invitation") == "done"
    return d


def test_a_no_is_respected():  # OFFB-34
    d = asked()
    d.do(cc.DeclineSurvey(words="no thanks"))
    d.work_through(30)
    assert d.state("survey_reminder") == "skipped"
    assert d.state("satisfaction_question") == "skipped"


def test_the_case_takes_answers_for_a_while_even_where_everything_else_is_done():  # METR-5, AMB-28
    d = asked()
    d.work_through(18)
    assert d.state("satisfaction_question") == "done"
    assert not d.case.closed
    d.do(cc.AnswerSurvey(satisfaction=9))
    d.work_through(12)
    assert d.case.outcome == "left"


def test_an_answer_ends_the_reminders():
    d = asked()
    d.do(cc.AnswerSurvey(answers={"main_reason": "price"}))
    d.work_through(10)
    assert d.state("survey_reminder") == "skipped"


def test_silence_is_asked_once_more_and_never_again():  # AMB-27
    d = asked()
    d.work_through(30)
    letters = [step for _, action in d.sent for step in action.steps if action.verb == "send_letter"]
    assert (letters.count("survey_invitation"), letters.count("survey_reminder")) == (1, 1)


def test_what_they_correct_or_add_counts_and_what_they_said_before_stays_in_the_history():  # OFFB-27
    d = asked()
    d.do(cc.AnswerSurvey(answers={"main_reason": "price"}, satisfaction=7))
    d.do(cc.AnswerSurvey(answers={"main_reason": "other", "differently": "a bulk import"}, satisfaction=9))
    assert {a.question: a.text for a in d.case.answers} == {"main_reason": "other", "differently": "a bulk import"}
    assert d.happened("feedback")[-1].endswith("2 of 7 questions; corrected: main_reason was 'price'")
    assert d.happened("satisfaction")[-1].endswith("before: 7")


def test_a_no_after_an_answer_is_refused():  # OFFB-34
    d = asked()
    d.do(cc.AnswerSurvey(answers={"main_reason": "price"}))
    with pytest.raises(Refused) as refused:
        d.do(cc.DeclineSurvey())
    assert refused.value.kind is RefusalType.ALREADY_DECIDED


@pytest.mark.parametrize(("text", "said"), [("yes", True), (" Ya ", True), ("tidak", False)])
def test_only_a_clear_yes_is_an_opt_in_and_it_goes_along(text: str, said: bool):  # OFFB-37
    d = asked()
    assert opting.may_tell(d.case) is None
    d.do(cc.AnswerSurvey(answers={"tell_when_fixed": text}))
    assert opting.may_tell(d.case) is said
    assert following.win_back(d.case, d.now).may_tell is said
    assert showing.leaving(d.case).may_tell is said


def test_a_question_that_the_survey_has_not_is_refused():
    with pytest.raises(Refused) as refused:
        asked().do(cc.AnswerSurvey(answers={"salary": "much"}))
    assert "salary" in refused.value.sentence


@pytest.mark.parametrize(
    ("answers", "right"),
    [
        ({"main_reason": "banana"}, "price, missing_feature"),
        ({"recommend": "11"}, "0 to 10"),
        ({"experience": "fine"}, "0 to 10"),
    ],
)
def test_an_answer_that_is_none_to_its_question_is_refused_with_what_would_be_one(answers, right):  # OFFB-32
    d = asked()
    with pytest.raises(Refused) as refused:
        d.do(cc.AnswerSurvey(answers=answers))
    assert refused.value.kind is RefusalType.BAD_PAYLOAD
    assert right in refused.value.sentence
    assert d.case.answers == ()


def test_why_they_would_recommend_us_is_kept_beside_the_figure():  # OFFB-32
    d = asked()
    d.do(cc.AnswerSurvey(answers={"recommend": " 7 ", "recommend_why": "kind people", "again": "Ya"}))
    assert [(a.question, a.text) for a in d.case.answers] == [
        ("recommend", "7"),
        ("recommend_why", "kind people"),
        ("again", "yes"),
    ]


def strategic_and_asked() -> Leaving:
    d = Leaving(company(strategic=True))
    d.confirmed()
    d.work_through(2, skip=("exit_interview",))
    assert d.state("exit_interview") == "open"
    return d


def drafts(d: Leaving) -> list[str]:
    return [m.step for m in d.case.messages if m.state == "drafted"]


def test_a_no_is_respected_by_the_interview_too():  # OFFB-34
    d = strategic_and_asked()
    assert "exit_interview" in drafts(d)
    d.do(cc.DeclineSurvey(words="no thanks"))
    assert d.state("exit_interview") == "skipped"
    assert "exit_interview" not in drafts(d)


def test_a_clean_break_leaves_no_note_of_an_executive():  # OFFB-51
    d = strategic_and_asked()
    d.work_through(15, skip=("exit_interview", "executive_note"))
    assert d.state("executive_note") == "open"
    d.do(cc.SetCleanBreak())
    assert (d.state("exit_interview"), d.state("executive_note")) == ("skipped", "skipped")
    assert not {"exit_interview", "executive_note"} & set(drafts(d))


def test_a_clean_break_takes_the_invitation_to_talk_back():  # OFFB-51
    d = Leaving()
    d.release("acknowledgement")
    d.validate("missing_feature")
    assert d.state("save_invitation") == "open"
    d.do(cc.SetCleanBreak())
    assert d.state("save_invitation") == "skipped"
    with pytest.raises(Refused):
        d.do(cc.InviteToTalk(by="p-csm", reason="once more"))


def test_the_csm_of_the_account_does_not_lead_the_exit_interview():  # OFFB-35
    d = Leaving(company(strategic=True))
    d.confirmed()
    d.work_through(2, skip=("exit_interview",))
    assert d.state("exit_interview") == "open"
    with pytest.raises(Refused) as refused:
        d.do(c.CompleteStep(step_id="exit_interview", by="p-csm", evidence=proof(d.case, "exit_interview")))
    assert refused.value.kind is RefusalType.NOT_ALLOWED


def test_whoever_was_the_csm_before_leads_no_exit_interview_either():  # OFFB-35, AMB-29
    d = strategic_and_asked()
    d.directory = {person.id: person for person in d.case.team.people}
    d.do(c.Assign(by="p-mgr", role="csm", person="p-mgr"))
    assert d.case.team.seat("csm").person == "p-mgr"
    message = next(m for m in d.case.messages if m.step == "exit_interview")
    for by in ("p-csm", "p-mgr", "p-csm2"):
        with pytest.raises(Refused) as refused:
            d.do(c.ReleaseMessage(message_id=message.id, by=by))
        assert (refused.value.kind, "is or was the CSM" in refused.value.sentence) == (RefusalType.NOT_ALLOWED, True)
    d.do(c.CompleteStep(step_id="exit_interview", by="p-exec", evidence=proof(d.case, "exit_interview")))
    assert d.state("exit_interview") == "done"


def test_who_had_the_seat_before_the_cancellation_is_known_from_the_crm():  # AMB-29
    d = strategic_and_asked()
    former = (Seat(role="csm", person="p-exec"),)
    d.case = d.case.model_copy(update={"team": d.case.team.model_copy(update={"former": former})})
    with pytest.raises(Refused):
        d.do(c.CompleteStep(step_id="exit_interview", by="p-exec", evidence=proof(d.case, "exit_interview")))
