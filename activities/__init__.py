"""Effects: one class per port, with bound methods; the only callers of adapters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from activities.access import AccessActivities
from activities.answering import AnsweringActivities
from activities.beginning import BeginningActivities
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
from activities.sweeping import SweepActivities
from activities.tickets import TicketActivities

Effect = Callable[..., Any]


class _Queue(StrEnum):
    """The task queues that activities run on."""

    CASES = "cases"
    EMAIL = "email"
    CRM = "crm"
    ACCESS = "access"
    BILLING = "billing"
    DATA = "data"


@dataclass(frozen=True)
class Activities:
    """Everything that a worker can do; ``siblings`` needs the client of the worker, which adds it."""

    plans: PlanActivities
    book: BookActivities
    crm: CrmActivities
    notices: NoticeActivities
    messages: MessageActivities
    billing: BillingActivities
    documents: DocumentActivities
    pages: PageActivities
    tickets: TicketActivities
    access: AccessActivities
    closing: ClosingActivities
    exports: ExportActivities
    erasure: ErasureActivities
    sweeping: SweepActivities
    answering: AnsweringActivities
    reviewing: ReviewActivities
    beginning: BeginningActivities
    siblings: SiblingActivities | None = None

    def on_queue(self, queue: str) -> list[Effect]:
        """The activities of a task queue; none for a queue that has none."""
        served: dict[str, list[Effect]] = {
            _Queue.CASES: [
                self.plans.load_plan,
                self.book.write_book,
                self.book.load_standing,
                self.beginning.begin_reviews,
                *self._beside(),
            ],
            _Queue.EMAIL: [
                self.notices.send_digest,
                self.notices.notify_team,
                self.messages.draft_message,
                self.messages.release_message,
                self.messages.send_letter,
            ],
            _Queue.CRM: [
                self.crm.load_account,
                self.crm.load_person,
                self.reviewing.load_review,
                self.crm.sync_tasks,
                self.crm.add_note,
                self.closing.close_account,
                self.closing.tag_account,
            ],
            _Queue.ACCESS: [
                self.access.reduce_access,
                self.access.revoke_access,
                self.access.revoke_internal,
                self.access.restore_access,
                self.closing.read_back,
            ],
            _Queue.BILLING: [
                self.billing.preview_final_invoice,
                self.billing.issue_final_invoice,
                self.billing.apply_concession,
                self.billing.stop_charging,
                self.billing.pause_billing,
                self.billing.refund,
            ],
            _Queue.DATA: [
                self.exports.prepare_export,
                self.erasure.erase_data,
                self.erasure.issue_certificate,
                self.documents.prepare_brief,
                self.pages.prepare_page,
                self.reviewing.prepare_review,
                self.tickets.measure_service,
                self.sweeping.take_stock,
                self.sweeping.score_accounts,
                self.sweeping.forget_stock,
                self.sweeping.keep_report,
                self.sweeping.tell_of_trouble,
                self.answering.answer_alerts,
            ],
        }
        return served.get(queue, [])

    def _beside(self) -> list[Effect]:
        cases = self.siblings
        return [cases.start_case, cases.tell_case, cases.take_over, cases.end_deferral] if cases else []
