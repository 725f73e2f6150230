"""What people do by hand has the same consequences as what the system does, and figures that change are followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models import cancellation_commands as cc
from models.case import Case
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.step import EvidenceItem
from tests.unit.rules.leaving import Leaving, company


def test_an_account_that_is_closed_by_hand_is_closed_and_its_data_is_kept_and_deleted():  # OFFB-24
    inner = company()

    def crm_refuses(case: Case, action: Action) -> Outcome:
        if action.verb is Verb.CLOSE_ACCOUNT:
            return Outcome(kind=OutcomeKind.FAILED, permanent=True, reason="the CRM refuses it")
        return inner(case, action)

    d = Leaving(crm_refuses)
    d.confirmed()
    d.work_through(60)
    assert d.case.step("close_account").ended_by is not None
    assert d.case.anchor("closed") is not None
    assert "retention" in {action.subject for _, action in d.sent if action.verb is Verb.START_CASE}


def test_an_invitation_that_was_sent_by_hand_counts_as_the_attempt():  # CANC-41
    d = Leaving()
    d.release("acknowledgement")
    d.validate("missing_feature")
    d.done("save_invitation")
    assert len(d.case.invitations) == 1
    d.do(cc.AnswerSaveInvitation(accepted=False))
    assert d.case.invitations[0].accepted is False


def test_a_refund_and_a_balance_that_only_the_second_preview_finds_are_owed():  # OFFB-19, OFFB-20
    inner, seen = company(), []
    figures = ({"refund": "0", "balance": "0", "total": "0"}, {"refund": "1200", "balance": "700", "total": "-500"})

    def billing(case: Case, action: Action) -> Outcome:
        outcome = inner(case, action)
        if action.verb is not Verb.PREVIEW_INVOICE:
            return outcome
        said = figures[min(len(seen), 1)]
        seen.append(action)
        proof = (EvidenceItem(content=p.content, text=said.get(p.content, p.text)) for p in outcome.proof)
        return outcome.model_copy(update={"proof": tuple(proof)})

    d = Leaving(billing)
    d.confirmed()
    end = d.case.end_date
    before = datetime(end.year, end.month, end.day, 6, tzinfo=UTC) - timedelta(days=1)
    d.work_through((before - d.now).total_seconds() / 86400)
    assert (d.state("refund"), d.state("preview_invoice")) == ("skipped", "done")
    d.do(cc.ChangeEndDate(by="p-csm", exit_date=end + timedelta(days=5), consent="agreed by mail 88211 on 20 November"))
    d.work_through(12)
    assert len(seen) == 2
    assert d.state("refund") == "done"
    assert d.times(Verb.REFUND) == 1
