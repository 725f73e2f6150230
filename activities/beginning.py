"""The round of a review: whom the calendar asks, and one review for each of them, begun once for its period."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.client import Client, RPCError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.beating import beating
from activities.faults import reporting_faults
from models.faults import PermanentFault, TransientFault
from models.reconciling import Difference
from models.review import BeginReviews, Begun, ReviewScope, ReviewSpec, ReviewsPolicy, ReviewStart
from rules import reconciling
from rules.refusal import Refused
from rules.reviews import asked as asking
from rules.reviews.calendar import period_at

if TYPE_CHECKING:
    from adapters.reviews.reading import ReviewSources
    from models.policy import Policy

_WORKFLOW, _QUEUE = "Review", "cases"


class BeginningActivities:
    """Begins reviews; ``client`` is that of the worker, which adds it."""

    def __init__(self, sources: ReviewSources, client: Client | None = None) -> None:
        self._sources = sources
        self._client = client

    def reaching(self, client: Client) -> BeginningActivities:
        """The same on the client of a worker."""
        return BeginningActivities(self._sources, client)

    @activity.defn
    @reporting_faults
    async def begin_reviews(self, request: BeginReviews) -> Begun:
        """Begin every review that is due, but those that began before. Fails with ``UnknownReview``."""
        return await beating(self._begin(request))

    async def _begin(self, request: BeginReviews) -> Begun:
        starts, nobody = await self._starts(request)
        began = {start.name: await self._started(start) for start in starts}
        new = tuple(name for name, is_new in began.items() if is_new)
        return Begun(begun=new, known=tuple(name for name in began if name not in new), nobody=nobody)

    async def _starts(self, request: BeginReviews) -> tuple[list[ReviewStart], tuple[str, ...]]:
        policy, calendar = await self._sources.playbooks.policy(), await self._sources.playbooks.reviews()
        accounts = await self._sources.crm.accounts()
        try:
            spec = asking.spec_of(calendar, request.review)
            of_people = spec.scope in (ReviewScope.TEAM, ReviewScope.CSM)
            led = await self._sources.led(spec.scope, policy) if of_people else asking.Led()
            owed = await self._owed(spec, request.at, calendar, policy)
            found = asking.subjects(spec.scope, accounts, led.seats, owed)
            wanted = asking.only(found, request.subject, spec)
        except Refused as refused:
            raise PermanentFault(refused.kind, refused.sentence) from None
        period = period_at(spec, request.at, calendar.time_zone)
        starts = [ReviewStart(review=spec.name, subject=subject, period=period) for subject in wanted]
        return starts, led.nobody

    async def _owed(self, spec: ReviewSpec, at: datetime, calendar: ReviewsPolicy, policy: Policy) -> tuple[str, ...]:
        """The accounts for which the review is owed now, where it is not owed for all."""
        if spec.scope is not ReviewScope.DIFFERENCE:
            return await self._sources.saves()
        kind, comparing = Difference(spec.name), self._sources.comparing
        found = await comparing.all(kind, at - timedelta(days=calendar.compares_for_days), at, policy.lead_role)
        return reconciling.untold(kind, found, await comparing.open_reviews())

    async def _started(self, start: ReviewStart) -> bool:
        """Whether it begins now. The book knows those that ended, also when Temporal has forgotten them."""
        assert self._client is not None
        workflow_id = f"review:{start.name}"
        if await self._sources.began(workflow_id):
            return False
        try:
            await self._client.start_workflow(
                _WORKFLOW,
                start,
                id=workflow_id,
                task_queue=_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"review: {start.name}",
            )
        except WorkflowAlreadyStartedError:
            return False
        except RPCError as error:
            raise TransientFault(f"Temporal did not start {workflow_id} ({error.status.name})") from error
        return True
