"""Reviews: who holds one, and the page for it, kept once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from temporalio import activity

from activities.beating import beating
from activities.faults import reporting_faults
from models.account import Account, AccountFile
from models.case import RefusalType
from models.document import Document, DocumentKind
from models.faults import PermanentFault
from models.metrics import Period
from models.reconciling import Difference
from models.review import LoadReview, PrepareReview, ReviewScope, ReviewSpec
from models.review_page import ReviewPage, ReviewSection
from models.work import Receipt
from rules import reconciling, standup
from rules.metrics import board, durations
from rules.metrics import themes as leaving
from rules.refusal import Refused
from rules.reviews import of_accounts, of_process
from rules.reviews.asked import seat_of, spec_of

if TYPE_CHECKING:
    from adapters.documents.pages import Pages
    from adapters.documents.port import DocumentsPort
    from adapters.reviews.reading import ReviewSources
    from models.policy import Policy

_DAY = timedelta(days=1)
_Made = Callable[[PrepareReview, ReviewSpec, "Policy"], Awaitable[tuple[ReviewSection, ...]]]


class ReviewActivities:
    """What a review needs of the world."""

    def __init__(self, sources: ReviewSources, pages: Pages, documents: DocumentsPort) -> None:
        self._sources = sources
        self._pages = pages
        self._documents = documents
        self._made: dict[str, _Made] = {
            "stand_up": self._stand_up,
            "portfolio": self._portfolio,
            "segment_study": self._segments,
            "health_audit": self._health_audit,
            "strategic_account": self._strategic_account,
            "spot_check": self._spot_check,
            "feedback_themes": self._themes,
            "process_audit": self._audit,
            **{kind.value: self._difference for kind in Difference},
        }

    @activity.defn
    @reporting_faults
    async def load_review(self, request: LoadReview) -> AccountFile:
        """Who holds the review, their deputies, manager and executive; for an account its whole team.

        Fails with ``UnknownReview``, ``UnknownAccount`` or ``UnknownPerson``.
        """
        spec, policy = await self._spec(request.review), await self._sources.playbooks.policy()
        if spec.scope in (ReviewScope.STRATEGIC_ACCOUNT, ReviewScope.DIFFERENCE):
            return await self._sources.crm.account_file(request.subject)
        holder = {ReviewScope.TEAM: policy.manager_role, ReviewScope.CSM: policy.lead_role}.get(spec.scope)
        if holder:
            await self._sources.directory.person(request.subject)
        people = await self._sources.directory.people()
        roles = dict.fromkeys(role for role in (holder, policy.manager_role, policy.executive_role) if role)
        seats = {role: await self._sources.seats(role) for role in roles}
        held = (await self._sources.led(spec.scope, policy)).seats if holder else ()
        theirs = {one.account_id for one in held if one.person == request.subject}
        accounts = theirs or {one.id for one in await self._sources.crm.accounts()}
        named = {holder: request.subject} if holder else {}
        found = (seat_of(role, people, seats[role], accounts, named.get(role, "")) for role in roles)
        return await self._sources.file(Account(id=request.review), [seat for seat in found if seat])

    @activity.defn
    @reporting_faults
    async def prepare_review(self, request: PrepareReview) -> Receipt:
        """Prepare and keep the page of a review, once. The receipt's id is the page's. Fails with ``UnknownReview``."""
        return await beating(self._prepared(request))

    async def _prepared(self, request: PrepareReview) -> Receipt:
        spec, policy = await self._spec(request.review), await self._sources.playbooks.policy()
        make = self._made.get(request.review)
        if make is None:
            raise PermanentFault(RefusalType.UNKNOWN_REVIEW, f"nobody taught the system a page for '{request.review}'")
        sections = await make(request, spec, policy)
        person = await self._sources.directory.person(request.person) if request.person else None
        page = ReviewPage(
            title=request.title,
            about=await self._about(request.subject),
            asked=person.name if person else "nobody",
            period=request.period,
            since=request.since,
            until=request.until,
            at=request.at,
            sections=sections,
            questions=spec.asks,
        )
        written = self._pages.review(page, person.works.time_zone if person else "UTC")
        known = {"account_id": request.account_id, "case_id": request.case_id, "person": request.person}
        kept = {"key": request.key, "kind": DocumentKind.REVIEW, "title": written.subject, "text": written.text}
        return await self._documents.keep(Document.model_validate(known | kept | {"at": request.at}))

    async def _about(self, subject: str) -> str:
        """The person or the account by name; nothing where the review is of the company."""
        accounts = {one.id: f"{one.name} ({one.id})" for one in await self._sources.crm.accounts()}
        return (accounts | await self._sources.names()).get(subject, subject)

    async def _spec(self, name: str) -> ReviewSpec:
        try:
            return spec_of(await self._sources.playbooks.reviews(), name)
        except Refused as refused:
            raise PermanentFault(refused.kind, refused.sentence) from None

    async def _most(self) -> int:
        return (await self._sources.playbooks.reviews()).lines

    async def _difference(self, asked: PrepareReview, _: ReviewSpec, policy: Policy) -> tuple[ReviewSection, ...]:
        kind = Difference(asked.review)
        found = await self._sources.comparing.one(kind, asked.subject, asked.at, policy.lead_role)
        return reconciling.page(kind, found)

    async def _portfolio(self, asked: PrepareReview, spec: ReviewSpec, policy: Policy) -> tuple[ReviewSection, ...]:
        accounts = await self._sources.accounts(spec.scope, asked, policy)
        states = await self._sources.states(accounts, asked)
        return of_accounts.portfolio(states, asked.at.date(), len(states) or 1)

    async def _strategic_account(
        self, asked: PrepareReview, spec: ReviewSpec, policy: Policy
    ) -> tuple[ReviewSection, ...]:
        accounts = await self._sources.accounts(spec.scope, asked, policy)
        states = await self._sources.states(accounts, asked)
        return of_accounts.strategic_account(states, asked.at.date(), await self._most())

    async def _segments(self, asked: PrepareReview, spec: ReviewSpec, policy: Policy) -> tuple[ReviewSection, ...]:
        accounts = await self._sources.accounts(spec.scope, asked, policy)
        return of_accounts.segments(await self._sources.states(accounts, asked), await self._most())

    async def _health_audit(self, asked: PrepareReview, spec: ReviewSpec, policy: Policy) -> tuple[ReviewSection, ...]:
        accounts = await self._sources.accounts(spec.scope, asked, policy)
        states = await self._sources.states(accounts, asked)
        return of_accounts.health_audit(states, await self._most())

    async def _spot_check(self, asked: PrepareReview, _: ReviewSpec, __: Policy) -> tuple[ReviewSection, ...]:
        letters = await self._sources.letters(asked.since, asked.until)
        sample = (await self._sources.playbooks.reviews()).sample
        return of_process.spot_check(letters, asked.period, sample)

    async def _themes(self, asked: PrepareReview, _: ReviewSpec, policy: Policy) -> tuple[ReviewSection, ...]:
        records, metrics = await self._sources.book.records(), await self._sources.playbooks.metrics()
        incidents = await self._sources.incidents.incidents()
        found = leaving.themes(records, incidents, metrics, policy.survey, _period(asked), asked.at)
        return of_process.themes(found, await self._most())

    async def _audit(self, asked: PrepareReview, _: ReviewSpec, __: Policy) -> tuple[ReviewSection, ...]:
        records, metrics = await self._sources.book.records(), await self._sources.playbooks.metrics()
        figures = board.board(records, metrics, _period(asked), asked.at)
        steps = durations.durations(records, _period(asked), asked.at)
        return of_process.audit(figures, steps, await self._most())

    async def _stand_up(self, asked: PrepareReview, spec: ReviewSpec, policy: Policy) -> tuple[ReviewSection, ...]:
        accounts = await self._sources.accounts(spec.scope, asked, policy)
        stand = await self._sources.statuses(accounts)
        found = standup.digest(stand, policy, asked.at, asked.at + _DAY)
        names = {one.id: one.name for one in accounts}
        return of_process.stand_up(found, await self._sources.names(), names, await self._most())


def _period(asked: PrepareReview) -> Period:
    """The days that a review looks back on, as a period in UTC."""
    since, until = (datetime.combine(day, time(), tzinfo=UTC) for day in (asked.since, asked.until))
    return Period(since=since, until=until)
