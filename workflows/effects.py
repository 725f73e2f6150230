"""Each verb of a plan: which activity does it, on which queue, what it is asked, and what its answer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.access import AccessActivities
    from activities.billing import BillingActivities
    from activities.book import BookActivities
    from activities.closing import ClosingActivities
    from activities.crm import CrmActivities
    from activities.documents import DocumentActivities
    from activities.erasure import ErasureActivities
    from activities.exports import ExportActivities
    from activities.messages import MessageActivities
    from activities.notices import NoticeActivities
    from activities.pages import PageActivities
    from activities.plans import PlanActivities
    from activities.reviewing import ReviewActivities
    from activities.siblings import SiblingActivities
    from activities.tickets import TicketActivities
    from models.account import AccountFile
    from models.case import Ask, Case, CaseKind
    from models.concession import LoadStanding, Standing
    from models.effects import Action, Joined, Outcome, Verb
    from models.erasing import EraseData
    from models.plan import Plan
    from models.review import ReviewCase
    from models.service_level import Attained, ServiceLevel
    from models.work import (
        AddNote,
        DraftMessage,
        LoadAccount,
        LoadPerson,
        LoadPlan,
        MeasureService,
        NotifyTeam,
        PreparePage,
        Receipt,
        ReleaseMessage,
        SendDigest,
        SyncTasks,
    )
    from rules import (
        applying,
        booking,
        briefing,
        budgets,
        concessions,
        incidents,
        measuring,
        notes,
        pages,
        questions,
        staffing,
        standing_in,
        telling,
    )
    from rules.cancellation import exporting, letters, readers, work
    from rules.drafting import message_id, step_of
    from rules.retention import work as erasing
    from rules.reviews import requests as reviewing
    from rules.reviews.lifecycle import title
    from rules.win_back import outreach

from workflows import starting
from workflows.contract import Queue, workflow_id


@dataclass(frozen=True)
class Effect:
    """How a verb is done: a typed activity reference, its queue, its request, and how its answer is read."""

    activity: Callable[..., Any]
    queue: Queue
    request: Callable[[Case, Action], Any]
    outcome: Callable[[Any], Outcome]


def _receipt(receipt: Receipt) -> Outcome:
    return Outcome(receipt=receipt.id)


def _account(case: Case, _: Action) -> LoadAccount:
    return LoadAccount(account_id=case.account_id, people=tuple(filter(None, (case.opened_by,))))


def _file(file: AccountFile) -> Outcome:
    return Outcome(file=file)


def _person(case: Case, action: Action) -> LoadPerson:
    return staffing.look_up(case, _ask(case, action))


def _joined(joined: Joined) -> Outcome:
    return Outcome(joined=joined)


def _playbook(case: Case, action: Action) -> LoadPlan:
    return LoadPlan(playbook=_ask(case, action).subject)


def _plan(plan: Plan) -> Outcome:
    return Outcome(plan=plan)


def _tasks(case: Case, action: Action) -> SyncTasks:
    return SyncTasks(key=action.key, case_id=case.case_id, account_id=case.account_id, changes=action.tasks)


def _note(case: Case, action: Action) -> AddNote:
    return AddNote(key=action.key, case_id=case.case_id, account_id=case.account_id, text=notes.closing(case))


def _digest(case: Case, action: Action) -> SendDigest:
    return SendDigest(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        person=action.recipients[0],
        at=action.moment,
        lines=action.lines,
        about=title(case) if isinstance(case, ReviewCase) else "",
        questions=questions.of(case, action.lines),
    )


def _notice(case: Case, action: Action) -> NotifyTeam:
    step = next(step for step in case.steps if step.id in action.steps)
    spec = case.spec(step.step_id)
    return NotifyTeam(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        step=step.id,
        title=spec.title if spec else step.id,
        people=action.recipients,
        at=action.moment,
        reason=case.reason,
        churned=work.churned(case, step),
    )


def _draft(case: Case, action: Action) -> DraftMessage:
    step = next(step for step in case.steps if step.id in action.steps)
    spec = case.spec(step.step_id)
    message_id = action.subject or action.key.split("/")[1]
    signer = step.person or case.opened_by
    return DraftMessage(
        key=f"{case.case_id}/{message_id}/{Verb.DRAFT_MESSAGE}" if action.subject else action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        message_id=message_id,
        step=step.id,
        template=spec.template if spec and spec.template else "",
        signer=signer,
        reader=readers.reader(case, step),
        to_others=readers.is_for_others(case, step),
        at=action.moment,
        opened_at=case.opened_at,
        due=step.due,
        cause=case.reason,
        occurrence=step.occurrence,
        told=telling.told(case, spec),
        given=incidents.to_tell(case, step),
        leaving=letters.facts(case, step),
        first_writer=readers.first_writer(case, step),
        stands_in_for=standing_in.for_whom(case, step, signer, action.moment),
    )


def _letter(case: Case, action: Action) -> DraftMessage:
    """A letter that nobody needs to release; it is drafted and sent under the key of its step."""
    step = next(step for step in case.steps if step.id in action.steps)
    drafted = _draft(case, action.model_copy(update={"subject": message_id(step)}))
    return drafted.model_copy(update={"key": action.key})


def _page(case: Case, action: Action) -> PreparePage:
    return pages.request(case, action, _draft(case, action) if action.subject else None)


def _measurement(case: Case, action: Action) -> MeasureService:
    step = next(step for step in case.steps if step.id in action.steps)
    level = cast(ServiceLevel, measuring.level_of(case, case.spec(step.step_id)))
    since, until = measuring.window(case, step, level, action.moment)
    who = {"case_id": case.case_id, "account_id": case.account_id}
    return MeasureService(key=action.key, **who, level=level, since=since, until=until)


def _attained(attained: Attained) -> Outcome:
    return Outcome(attained=attained)


def _release(case: Case, action: Action) -> ReleaseMessage:
    ask = _ask(case, action)
    step = step_of(case, ask.subject)
    return ReleaseMessage(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        message_id=ask.subject,
        by=ask.by,
        at=action.moment,
        edits=ask.edits,
        stands_in_for=standing_in.for_whom(case, step, ask.by, action.moment) if step else "",
    )


def _erase_data(case: Case, action: Action) -> EraseData:
    return _reaching(case, erasing.erasure(case, action))


def _erase_rest(case: Case, action: Action) -> EraseData:
    return _reaching(case, erasing.erase_rest(case, action))


def _reaching(case: Case, request: EraseData) -> EraseData:
    """With the cases of the account that must hear of it."""
    cases = tuple(workflow_id(kind, case.account_id) for kind in (CaseKind.CANCELLATION, CaseKind.WIN_BACK))
    return request.model_copy(update={"cases": cases})


def _batch(case: Case, action: Action) -> Any:
    return booking.batch(case, action.key, workflow.info().workflow_id, max(workflow.now(), case.opened_at))


def _standing(case: Case, action: Action) -> LoadStanding:
    ask = _ask(case, action)
    return LoadStanding(
        case_id=case.case_id,
        account_id=case.account_id,
        person=ask.offer.proposed_by if ask.offer else ask.by,
        quarter_start=budgets.quarter_start(action.moment),
        price_kinds=tuple(concessions.rules_of(case).price_kinds),
    )


def _stands(standing: Standing) -> Outcome:
    return Outcome(standing=standing)


def _ask(case: Case, action: Action) -> Ask:
    return next(ask for ask in case.asks if ask.id == action.subject)


EFFECTS: dict[Verb, Effect] = {
    Verb.LOAD_ACCOUNT: Effect(CrmActivities.load_account, Queue.CRM, _account, _file),
    Verb.LOAD_REVIEW: Effect(ReviewActivities.load_review, Queue.CRM, reviewing.load, _file),
    Verb.LOAD_PERSON: Effect(CrmActivities.load_person, Queue.CRM, _person, _joined),
    Verb.LOAD_PLAN: Effect(PlanActivities.load_plan, Queue.CASES, _playbook, _plan),
    Verb.SYNC_TASKS: Effect(CrmActivities.sync_tasks, Queue.CRM, _tasks, _receipt),
    Verb.ADD_NOTE: Effect(CrmActivities.add_note, Queue.CRM, _note, _receipt),
    Verb.SEND_DIGEST: Effect(NoticeActivities.send_digest, Queue.EMAIL, _digest, _receipt),
    Verb.NOTIFY_TEAM: Effect(NoticeActivities.notify_team, Queue.EMAIL, _notice, _receipt),
    Verb.DRAFT_MESSAGE: Effect(MessageActivities.draft_message, Queue.EMAIL, _draft, _receipt),
    Verb.PREPARE_BRIEF: Effect(DocumentActivities.prepare_brief, Queue.DATA, briefing.request, _receipt),
    Verb.PREPARE_PAGE: Effect(PageActivities.prepare_page, Queue.DATA, _page, _receipt),
    Verb.PREPARE_REVIEW: Effect(ReviewActivities.prepare_review, Queue.DATA, reviewing.page, _receipt),
    Verb.RELEASE_MESSAGE: Effect(MessageActivities.release_message, Queue.EMAIL, _release, _receipt),
    Verb.MEASURE_SERVICE: Effect(TicketActivities.measure_service, Queue.DATA, _measurement, _attained),
    Verb.START_CASE: Effect(SiblingActivities.start_case, Queue.CASES, starting.start, _receipt),
    Verb.TAKE_OVER: Effect(SiblingActivities.take_over, Queue.CASES, starting.take_over, _receipt),
    Verb.END_DEFERRAL: Effect(SiblingActivities.end_deferral, Queue.CASES, starting.end_wait, _receipt),
    Verb.LOAD_STANDING: Effect(BookActivities.load_standing, Queue.CASES, _standing, _stands),
    Verb.APPLY_CONCESSION: Effect(BillingActivities.apply_concession, Queue.BILLING, applying.concession, _receipt),
    Verb.PAUSE_BILLING: Effect(BillingActivities.pause_billing, Queue.BILLING, applying.pause, _receipt),
    Verb.TELL_CASE: Effect(SiblingActivities.tell_case, Queue.CASES, starting.tell, _receipt),
    Verb.SEND_LETTER: Effect(MessageActivities.send_letter, Queue.EMAIL, _letter, _receipt),
    Verb.PREPARE_EXPORT: Effect(ExportActivities.prepare_export, Queue.DATA, exporting.request, exporting.exported),
    Verb.REDUCE_ACCESS: Effect(AccessActivities.reduce_access, Queue.ACCESS, work.reduction, work.changed),
    Verb.REVOKE_ACCESS: Effect(AccessActivities.revoke_access, Queue.ACCESS, work.access_change, work.changed),
    Verb.REVOKE_INTERNAL: Effect(AccessActivities.revoke_internal, Queue.ACCESS, work.access_change, work.changed),
    Verb.RESTORE_ACCESS: Effect(AccessActivities.restore_access, Queue.ACCESS, work.access_change, work.changed),
    Verb.READ_BACK: Effect(ClosingActivities.read_back, Queue.ACCESS, work.read_back, work.shown),
    Verb.CLOSE_ACCOUNT: Effect(ClosingActivities.close_account, Queue.CRM, work.close_account, _receipt),
    Verb.TAG_ACCOUNT: Effect(ClosingActivities.tag_account, Queue.CRM, outreach.tagging, _receipt),
    Verb.PREVIEW_INVOICE: Effect(BillingActivities.preview_final_invoice, Queue.BILLING, work.preview, work.previewed),
    Verb.STOP_CHARGING: Effect(BillingActivities.stop_charging, Queue.BILLING, work.stop, _receipt),
    Verb.ISSUE_FINAL_INVOICE: Effect(
        BillingActivities.issue_final_invoice, Queue.BILLING, work.final_invoice, work.invoiced
    ),
    Verb.REFUND: Effect(BillingActivities.refund, Queue.BILLING, work.refund, _receipt),
    Verb.ERASE_DATA: Effect(ErasureActivities.erase_data, Queue.DATA, _erase_data, erasing.erased),
    Verb.ERASE_REST: Effect(ErasureActivities.erase_data, Queue.DATA, _erase_rest, erasing.erased),
    Verb.ISSUE_CERTIFICATE: Effect(ErasureActivities.issue_certificate, Queue.DATA, erasing.certificate, _receipt),
    Verb.WRITE_BOOK: Effect(BookActivities.write_book, Queue.CASES, _batch, _receipt),
}
