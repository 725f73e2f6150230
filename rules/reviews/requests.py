"""What a review asks for outside: who holds it, and its page."""

from __future__ import annotations

from typing import cast

from models.case import Case
from models.effects import Action
from models.review import LoadReview, PrepareReview, ReviewCase
from rules import steps
from rules.reviews import calendar
from rules.reviews.lifecycle import title


def load(case: Case, _: Action) -> LoadReview:
    """Who holds it, and who stands in for them."""
    review = cast(ReviewCase, case)
    return LoadReview(review=review.review, subject=review.subject)


def page(case: Case, action: Action) -> PrepareReview:
    """The page for whoever owes the action's step."""
    review = cast(ReviewCase, case)
    step, _ = steps.of_action(case, action)
    since, until = calendar.looked_back_on(review.period)
    return PrepareReview(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        review=review.review,
        subject=review.subject,
        period=review.period,
        title=title(review),
        person=step.person or "" if step else "",
        at=action.moment,
        since=since,
        until=until,
    )
