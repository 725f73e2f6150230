"""What billing, access and the CRM say against the book: a difference is found where it is, and nowhere else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access import AccessState
from models.account import Money
from models.billing import BillingState, FutureInvoice, Interval, SubscriptionState
from models.book import CaseEntry
from models.case import CaseKind
from models.crm import AccountRecord, SeatRecord
from models.reconciling import Compared, Difference
from rules import reconciling

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
HERE = AccountRecord(id="acc-1", name="Kelana Foods", arr=Money(minor=1_200_000, currency="MYR"))
GONE = HERE.model_copy(update={"active": False})
COMING = FutureInvoice(on=date(2026, 12, 1), amount=Money(minor=100_050, currency="MYR"))


def case(kind: CaseKind, closed: bool = False, owner: str | None = "p-1") -> CaseEntry:
    return CaseEntry(
        case_id=f"case-{kind}",
        workflow_id=f"{kind}:acc-1",
        kind=kind,
        account_id="acc-1",
        stage="closed" if closed else "opened",
        outcome="left" if closed else None,
        owner=owner,
        opened_at=AT,
        closed_at=AT if closed else None,
        as_of=AT,
        revision=1,
    )


LEFT = case(CaseKind.CANCELLATION, closed=True)


def billing(state: SubscriptionState = SubscriptionState.ENDED, *future: FutureInvoice) -> BillingState:
    return BillingState(
        account_id="acc-1",
        state=state,
        price=Money(minor=100_050, currency="MYR"),
        interval=Interval.MONTH,
        started=date(2025, 1, 1),
        paid_through=date(2026, 12, 1),
        ends_on=date(2026, 12, 1) if state is not SubscriptionState.ACTIVE else None,
        future=future,
    )


def access(**counted: object) -> AccessState:
    return AccessState.model_validate({"account_id": "acc-1"} | counted)


def seat(person: str, deputy: str | None = None) -> SeatRecord:
    return SeatRecord(account_id="acc-1", role="csm", person=person, deputy=deputy)


DIFFER = {
    Difference.BILLED_AFTER_CLOSURE: (
        Compared(account=GONE, left=LEFT, billing=billing(SubscriptionState.ACTIVE, COMING)),
        "will charge MYR 1,000.50 on 01 December 2026",
    ),
    Difference.ACCESS_AFTER_CLOSURE: (
        Compared(account=GONE, left=LEFT, access=access(full=1, read_only=2, keys=1)),
        "3 people and 1 keys get in",
    ),
    Difference.CANCELLED_ELSEWHERE: (
        Compared(account=HERE, billing=billing(SubscriptionState.ENDING)),
        "the subscription is ending on 01 December 2026",
    ),
    Difference.OWNER_CHANGED: (
        Compared(account=HERE, open=(case(CaseKind.SAVE),), lead=seat("p-2")),
        "p-2 leads the account",
    ),
}
AGREE = {
    Difference.BILLED_AFTER_CLOSURE: [
        Compared(account=GONE, left=LEFT, billing=billing()),
        Compared(account=GONE, left=LEFT),
        Compared(account=HERE, billing=billing(SubscriptionState.ACTIVE, COMING)),
    ],
    Difference.ACCESS_AFTER_CLOSURE: [
        Compared(account=GONE, left=LEFT, access=access(revoked=3)),
        Compared(account=GONE, left=LEFT),
        Compared(account=HERE, access=access(full=3)),
    ],
    Difference.CANCELLED_ELSEWHERE: [
        Compared(account=HERE, billing=billing(SubscriptionState.ACTIVE)),
        Compared(account=HERE, billing=billing(SubscriptionState.PAUSED)),
        Compared(account=HERE, billing=billing(), open=(case(CaseKind.CANCELLATION),)),
        Compared(account=GONE, left=LEFT, billing=billing()),
        Compared(account=HERE),
    ],
    Difference.OWNER_CHANGED: [
        Compared(account=HERE, open=(case(CaseKind.SAVE),), lead=seat("p-1")),
        Compared(account=HERE, open=(case(CaseKind.SAVE),), lead=seat("p-2", deputy="p-1")),
        Compared(account=HERE, open=(case(CaseKind.SAVE, owner=None),), lead=seat("p-2")),
        Compared(account=HERE, open=(case(CaseKind.REVIEW),), lead=seat("p-2")),
        Compared(account=HERE, lead=seat("p-2")),
    ],
}


@pytest.mark.parametrize("kind", Difference)
def test_where_they_differ_the_page_says_what_each_side_says(kind: Difference) -> None:
    found, says = DIFFER[kind]
    (section,) = reconciling.page(kind, found)
    assert section.rows[1][1] == says
    assert section.rows[0][1]


@pytest.mark.parametrize(("kind", "found"), [(kind, found) for kind in Difference for found in AGREE[kind]])
def test_where_they_agree_or_one_says_nothing_nobody_is_asked(kind: Difference, found: Compared) -> None:
    assert reconciling.difference(kind, found) is None
    assert reconciling.untold(kind, [found], []) == ()
    assert "agree by now" in reconciling.page(kind, found)[0].says


@pytest.mark.parametrize("kind", Difference)
def test_while_somebody_is_asked_nobody_is_asked_again(kind: Difference) -> None:
    found = DIFFER[kind][0]
    assert reconciling.untold(kind, [found], []) == ("acc-1",)
    assert reconciling.untold(kind, [found], [f"review:{kind}.acc-1.2026-11-27"]) == ()
    others = [f"review:{other}.acc-1.2026-11-27" for other in Difference if other is not kind]
    assert reconciling.untold(kind, [found], [*others, f"review:{kind}.acc-11.2026-11-27"]) == ("acc-1",)


@given(
    state=st.sampled_from(SubscriptionState),
    charged=st.booleans(),
    live=st.integers(0, 3),
    left=st.booleans(),
    leaving=st.booleans(),
)
def test_a_customer_who_is_here_is_never_said_to_have_left_and_the_other_way_round(
    state: SubscriptionState, charged: bool, live: int, left: bool, leaving: bool
) -> None:
    found = Compared(
        account=GONE if left else HERE,
        left=LEFT if left else None,
        open=(case(CaseKind.CANCELLATION),) if leaving else (),
        billing=billing(state, *([COMING] if charged else [])),
        access=access(full=live),
    )
    said = {kind for kind in Difference if reconciling.difference(kind, found)}
    assert (Difference.BILLED_AFTER_CLOSURE in said) == (left and charged)
    assert (Difference.ACCESS_AFTER_CLOSURE in said) == (left and live > 0)
    over = state in (SubscriptionState.ENDING, SubscriptionState.ENDED)
    assert (Difference.CANCELLED_ELSEWHERE in said) == (over and not left and not leaving)
