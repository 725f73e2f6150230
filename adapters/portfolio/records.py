"""From the rows of a portfolio to the records that the ports keep."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.account import ContractTerms, Money
from models.billing import Interval, OpenSubscription, Tax
from models.crm import AccountRecord, Contact, SeatRecord
from models.directory import AwayTime, DirectoryPerson, WorkingTime
from models.facts import Figure, InboundFact, NpsAnswer, Payment, Ticket, UsageDay
from models.portfolio import (
    AbsenceRow,
    AccountRow,
    ContactRow,
    InboundRow,
    NpsRow,
    PersonRow,
    SeatRow,
    TicketRow,
    UsageRow,
)
from models.told import FigureRow, PaymentRow, SignalRow


def person_record(row: PersonRow) -> DirectoryPerson:
    """The person as the directory keeps them."""
    return DirectoryPerson(
        id=row.id,
        name=row.name,
        email=row.email,
        title=row.title,
        phone=row.phone,
        locale=row.locale.value,
        roles=row.roles,
        active=row.active,
        works=_working_time(row),
    )


def away_time(row: AbsenceRow, time_zone: str) -> AwayTime:
    """The absence from the local midnight before its first day to the one after its last, in UTC."""
    zone = ZoneInfo(time_zone)
    start, end = _midnight(row.first_day, zone), _midnight(row.last_day + timedelta(days=1), zone)
    return AwayTime(person=row.person, start=start, end=end, reason=row.reason)


def account_record(row: AccountRow, contact_id: str | None) -> AccountRecord:
    """The account as the CRM keeps it; ``contact_id`` is its primary contact."""
    return AccountRecord(
        id=row.id,
        name=row.name,
        arr=row.arr,
        tier=row.tier,
        strategic=row.strategic,
        customer_since=row.customer_since,
        renewal_date=row.renewal_date,
        locale=row.locale.value,
        jurisdiction=row.jurisdiction,
        customer_type=row.customer_type,
        switching=row.switching,
        expansion_potential=row.expansion_potential,
        reference=row.reference,
        contract=_contract(row),
        works=_working_time(row),
        contact_id=contact_id,
        tax_number=row.tax_number,
        postal_address=row.postal_address,
        bought_for=row.bought_for,
    )


_OF_LEAVING = ("churned_on", "churn_reason", "moved_to", "win_back", "reference", "renewal_date")


def is_back(customer_since: date | None, known: AccountRecord) -> bool:
    """Whether who left is a customer again by a row: it says so by a day on or after that of their leaving."""
    return bool(known.churned_on and customer_since and customer_since >= known.churned_on)


def still_left(account: AccountRecord, known: AccountRecord | None) -> AccountRecord:
    """The account as the CRM should have it: who left is no customer again by a file of before (OFFB-45)."""
    if known is None or known.active or is_back(account.customer_since, known):
        return account
    return account.model_copy(update={field: getattr(known, field) for field in _OF_LEAVING})


def subscription(account: AccountRecord, tax: Tax | None) -> OpenSubscription | None:
    """The account's subscription, which is by the year and paid until its renewal; None without a renewal date.

    Its years begin on the day of the renewal, from the first such day as a customer on.

    Opened once: a billing system that has it already keeps its own.
    """
    renewal = account.renewal_date
    if renewal is None:
        return None
    started = renewal
    while account.customer_since and (before := _a_year_before(started)) >= account.customer_since:
        started = before
    return OpenSubscription(
        key=f"import/{account.id}/open_subscription",
        account_id=account.id,
        price=account.arr,
        interval=Interval.YEAR,
        started=started,
        paid_through=renewal,
        tax=tax,
    )


def _a_year_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def contact_record(row: ContactRow) -> Contact:
    """The contact as the CRM keeps them."""
    return Contact(
        id=row.id,
        account_id=row.account,
        name=row.name,
        email=row.email,
        title=row.title,
        phone=row.phone,
        locale=row.locale.value,
        email_only=row.email_only,
        may_cancel=row.may_cancel,
        sponsor=row.sponsor,
    )


def seat_record(row: SeatRow) -> SeatRecord:
    """The seat as the CRM keeps it."""
    return SeatRecord(account_id=row.account, role=row.role, person=row.person, deputy=row.deputy)


def usage_day(row: UsageRow) -> UsageDay:
    """The day of use as the usage history keeps it."""
    return UsageDay(
        account_id=row.account,
        day=row.day,
        active_users=row.active_users,
        logins=row.logins,
        key_feature_events=row.key_feature_events,
    )


def ticket_record(row: TicketRow) -> Ticket:
    """The ticket as the help desk keeps it."""
    return Ticket(
        id=row.id,
        account_id=row.account,
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        severity=row.severity.value,
        sentiment=row.sentiment.value,
        csat=row.csat,
        locale=row.locale.value,
        subject=row.subject,
        text=row.text,
    )


def nps_answer(row: NpsRow) -> NpsAnswer:
    """The answer of a contact."""
    return NpsAnswer(account_id=row.account, contact_id=row.contact, at=row.at, score=row.score, comment=row.comment)


def inbound_fact(row: InboundRow) -> InboundFact:
    """The signal or request."""
    return InboundFact(
        id=row.id,
        account_id=row.account,
        at=row.at,
        kind=row.kind,
        detail=row.detail,
        by=row.by,
        fact=row.fact.value,
        playbook=row.playbook,
    )


def signal(row: SignalRow) -> InboundFact:
    """What was seen or heard, as a signal of risk."""
    return InboundFact(id=row.id, account_id=row.account, at=row.at, kind=row.kind, detail=row.detail, by=row.by)


def figure(row: FigureRow) -> Figure:
    """The sub-metric or KPI."""
    return Figure(account_id=row.account, kind=row.kind, name=row.name, day=row.day, value=row.value, target=row.target)


def payment(row: PaymentRow) -> Payment:
    """The payment with what became of it."""
    return Payment(
        id=row.id,
        account_id=row.account,
        due_on=row.due_on,
        state=row.state,
        paid_on=row.paid_on,
        amount=None if row.amount_minor is None else Money(minor=row.amount_minor, currency=row.currency),
        detail=row.detail,
    )


def _contract(row: AccountRow) -> ContractTerms:
    fee = None if row.fee_minor is None else Money(minor=row.fee_minor, currency=row.currency)
    return ContractTerms(
        term_ends=row.term_ends,
        notice=row.notice,
        auto_renews=row.auto_renews,
        mid_term=row.mid_term,
        early_termination_fee=fee,
    )


def _working_time(row: PersonRow | AccountRow) -> WorkingTime:
    return WorkingTime(time_zone=row.time_zone, region=row.holiday_region, week=row.week)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
