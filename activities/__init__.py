"""Effects: one class per port, with bound methods; the only callers of adapters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from activities.billing import BillingActivities
from activities.book import BookActivities
from activities.crm import CrmActivities
from activities.documents import DocumentActivities
from activities.messages import MessageActivities
from activities.notices import NoticeActivities
from activities.pages import PageActivities
from activities.plans import PlanActivities
from activities.siblings import SiblingActivities
from activities.tickets import TicketActivities

Effect = Callable[..., Any]


class _Queue(StrEnum):
    """The task queues that activities run on."""

    CASES = "cases"
    EMAIL = "email"
    CRM = "crm"
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
    siblings: SiblingActivities | None = None

    def on_queue(self, queue: str) -> list[Effect]:
        """The activities of a task queue; none for a queue that has none."""
        siblings: list[Effect] = [self.siblings.start_case, self.siblings.end_deferral] if self.siblings else []
        served: dict[str, list[Effect]] = {
            _Queue.CASES: [self.plans.load_plan, self.book.write_book, self.book.load_standing, *siblings],
            _Queue.EMAIL: [
                self.notices.send_digest,
                self.notices.notify_team,
                self.messages.draft_message,
                self.messages.release_message,
            ],
            _Queue.CRM: [self.crm.load_account, self.crm.load_person, self.crm.sync_tasks, self.crm.add_note],
            _Queue.BILLING: [
                self.billing.issue_final_invoice,
                self.billing.apply_concession,
                self.billing.stop_charging,
                self.billing.pause_billing,
                self.billing.refund,
            ],
            _Queue.DATA: [self.documents.prepare_brief, self.pages.prepare_page, self.tickets.measure_service],
        }
        return served.get(queue, [])
