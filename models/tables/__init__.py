"""The tables. Every row has a natural key, so that writing it twice leaves one row."""

from models.tables.access import AccessRow, InternalAccessRow, ScimHeldRow
from models.tables.alerts import AlertRow
from models.tables.book import (
    ApprovalRow,
    CaseRow,
    CommitmentRow,
    MessageRow,
    OfferRow,
    ReceiptRow,
    StepRow,
    TimelineRow,
)
from models.tables.customer import (
    AccountRow,
    ContactRow,
    FormerSeatRow,
    NoteRow,
    SeatRow,
    TaskRow,
)
from models.tables.documents import DocumentRow
from models.tables.erasure import ErasureRow
from models.tables.exports import ExportRow
from models.tables.facts import FigureRow, InboundRow, NpsRow, PaymentRow, StreamRow, TicketRow
from models.tables.inbound import ArrivalRow
from models.tables.incidents import IncidentLinkRow, IncidentProgressRow, IncidentRow
from models.tables.ledger import CouponRow, InvoiceRow, PauseRow, RefundRow, SubscriptionRow
from models.tables.post import DraftRow, OutboxRow, SwitchRow
from models.tables.sweeps import SweepRow
from models.tables.team import AbsenceRow, PersonRow
from models.tables.webhooks import OutgoingRow, ReceivedRow

__all__ = [
    "AbsenceRow",
    "AccessRow",
    "AccountRow",
    "AlertRow",
    "ApprovalRow",
    "ArrivalRow",
    "CaseRow",
    "CommitmentRow",
    "ContactRow",
    "CouponRow",
    "DocumentRow",
    "DraftRow",
    "ErasureRow",
    "ExportRow",
    "FigureRow",
    "FormerSeatRow",
    "InboundRow",
    "IncidentLinkRow",
    "IncidentProgressRow",
    "IncidentRow",
    "InternalAccessRow",
    "InvoiceRow",
    "MessageRow",
    "NoteRow",
    "NpsRow",
    "OfferRow",
    "OutboxRow",
    "OutgoingRow",
    "PauseRow",
    "PaymentRow",
    "PersonRow",
    "ReceiptRow",
    "ReceivedRow",
    "RefundRow",
    "ScimHeldRow",
    "SeatRow",
    "StepRow",
    "StreamRow",
    "SubscriptionRow",
    "SweepRow",
    "SwitchRow",
    "TaskRow",
    "TicketRow",
    "TimelineRow",
]
