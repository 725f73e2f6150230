"""What is done about new alerts: a case is opened or fed, or the customer is reached; no alert is left lying (RISK-85)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.faults import HELD, as_failure, reporting_faults
from activities.outreach import ASKED, WRITTEN, ReachOut
from activities.siblings import SiblingActivities
from models.alerts import UNANSWERED, AlertEntry, Happens, RiskLevel
from models.base import Utc
from models.case import CaseKind, RefusalType
from models.detection import DetectionRules
from models.faults import PermanentFault, TransientFault
from models.people import Team
from models.policy import Policy
from models.sweep import Responses, Span
from models.work import Receipt, is_closed
from rules.answering import Answer, Around, answered, settled_as, worded
from rules.dating import later

if TYPE_CHECKING:
    from activities.outreach import Outreach
    from adapters.alerts.port import AlertsPort
    from adapters.book.port import BookPort
    from adapters.crm.port import CrmPort
    from adapters.facts.port import FactsPort
    from adapters.playbooks.port import PlaybookPort

ATTEMPTS = 8
"""At the alerts of a part, some three minutes; what does not go through by then waits for the next sweep."""
NOBODY = f"{UNANSWERED}no win-back is open for them; dismiss it, or get in touch"
NOT_YET = f"{UNANSWERED}{{}} is not over, and its end begins the win-back; end it, dismiss this, or get in touch"


class AnsweringActivities:
    """What ``HealthSweep`` asks for once alerts are raised; ``siblings`` needs the client of the worker, which adds it."""

    def __init__(
        self,
        alerts: AlertsPort,
        facts: FactsPort,
        crm: CrmPort,
        book: BookPort,
        playbooks: PlaybookPort,
        outreach: Outreach,
        siblings: SiblingActivities | None = None,
    ) -> None:
        self._alerts, self._facts, self._crm, self._book, self._playbooks = alerts, facts, crm, book, playbooks
        self._outreach, self._siblings = outreach, siblings

    def reaching(self, client: Client) -> AnsweringActivities:
        """The same activities, which start and tell cases."""
        ports = (self._alerts, self._facts, self._crm, self._book, self._playbooks, self._outreach)
        return AnsweringActivities(*ports, SiblingActivities(client))

    @activity.defn
    @reporting_faults
    async def answer_alerts(self, span: Span) -> Responses:
        """Answer every alert of a span that nothing was done about yet, account by account.

        Every account is tried, whatever happens to another. What may go through later is raised at the end, so that
        another attempt answers what is left; after some attempts it is left to the next sweep, and counted as ``left``.
        What never will go through is noted on the alert, which stays open for a person, and counted as ``failed``.
        """
        rules = await self._playbooks.detection()
        policy = await self._playbooks.policy()
        counts: Counter[str] = Counter()
        passing: list[ApplicationError] = []
        failed = 0
        for _, group in groupby(await self._alerts.pending(span), key=lambda alert: alert.account_id):
            activity.heartbeat()
            alerts = tuple(group)
            try:
                counts.update(await self._answer(alerts, span.at, policy, rules))
            except Exception as fault:  # noqa: BLE001 whatever it is, it keeps no other account back
                failure = fault if isinstance(fault, ApplicationError) else as_failure(fault)
                said = f"{UNANSWERED}{failure.message}"
                if _may_pass(failure) or not await self._noted(alerts, said, span.at):
                    passing.append(failure)
                else:
                    failed += 1
                    await self._ask(alerts, said, span.at, policy, rules)
        if passing and activity.info().attempt < ATTEMPTS:
            raise passing[0]
        return Responses(counts=dict(sorted(counts.items())), failed=failed, left=len(passing))

    async def _answer(
        self, alerts: tuple[AlertEntry, ...], at: Utc, policy: Policy, rules: DetectionRules
    ) -> tuple[str, ...]:
        """Gives what happens: nothing where a person has settled it meanwhile, or another sweep answered it."""
        account_id = alerts[0].account_id
        alerts = await self._alerts.pending(Span(at=at, account_id=account_id))
        if not alerts:
            return ()
        alerts = worded(alerts, await self._facts.inbound(account_id=account_id))
        around = await self._around(account_id, policy)
        answer = answered(account_id, alerts, around)
        if answer.happens is Happens.OUTREACH:
            answer = await self._reach(answer, alerts, around, at, rules)
        else:
            answer = await self._told(answer, around)
            if answer.unanswered:
                await self._outreach.ask(_asked(alerts, answer.said, around, at, rules))
        await self._alerts.put(settled_as(alerts, answer, at))
        return (answer.happens.value,)

    async def _told(self, answer: Answer, around: Around) -> Answer:
        """Start the case and tell it; a customer who is gone and whom nobody remembers is left to a person."""
        if self._siblings is None:
            raise PermanentFault(RefusalType.BAD_PAYLOAD, "alerts are answered by a worker that reaches Temporal")
        if answer.start:
            await self._siblings.start_case(answer.start)
        receipts: list[Receipt] = [await self._siblings.tell_case(tell) for tell in answer.tells]
        if answer.start or not any(is_closed(receipt.id) for receipt in receipts):
            return answer
        if answer.happens is Happens.WIN_BACK:
            return answer.model_copy(update={"said": _nobody(around), "case": ""})
        raise TransientFault(f"{answer.case} closed meanwhile; what follows it is told next")

    async def _reach(
        self, answer: Answer, alerts: tuple[AlertEntry, ...], around: Around, at: Utc, rules: DetectionRules
    ) -> Answer:
        """By a letter of the system where the severity is low, at most one in the policy's time; else by a person."""
        first = alerts[0]
        asked = _asked(alerts, "; ".join(alert.why for alert in alerts), around, at, rules)
        before = await self._alerts.entries(first.account_id, open_only=False)
        if first.severity != rules.no_case_for:
            since = _asked_since(alerts, before, at, rules)
            said = f"a person was asked to reach out on {since:%Y-%m-%d}; no more is asked" if since else ""
            return answer.model_copy(update={"said": said or await self._outreach.ask(asked)})
        last = max((one.answered_at for one in before if one.written and one.answered_at), default=None)
        if last and at < later(last, rules.written_every):
            said = f"the customer was written to on {last:%Y-%m-%d}; nothing more is sent"
            return answer.model_copy(update={"said": said})
        said = await self._outreach.write(asked)
        return answer.model_copy(update={"said": said, "written": said == WRITTEN})

    async def _around(self, account_id: str, policy: Policy) -> Around:
        file = await self._crm.account_file(account_id)
        open_of = {kind: await self._book.open_case(account_id, kind) for kind in (CaseKind.SAVE, CaseKind.RECOVERY)}
        return Around(
            lead=_lead(file.team, (policy.lead_role, policy.manager_role)),
            left_on=file.account.churned_on,
            save=open_of[CaseKind.SAVE],
            recovery=open_of[CaseKind.RECOVERY],
            cancellation=await self._book.latest_case(account_id, CaseKind.CANCELLATION),
        )

    async def _ask(
        self, alerts: Sequence[AlertEntry], said: str, at: Utc, policy: Policy, rules: DetectionRules
    ) -> None:
        """A task for whoever leads the account; without one the alert still waits, and a later sweep tries again."""
        try:
            around = await self._around(alerts[0].account_id, policy)
            await self._outreach.ask(_asked(alerts, said, around, at, rules))
        except Exception as fault:  # noqa: BLE001 whatever it is, it keeps no other account back
            activity.logger.warning("nobody could be asked about %s: %s", alerts[0].id, fault)

    async def _noted(self, alerts: Iterable[AlertEntry], said: str, at: Utc) -> bool:
        """Whether it was noted on the alerts; what was not is tried again."""
        done = {"answered_at": at, "answer": said[:2000]}
        try:
            await self._alerts.put(tuple(alert.model_copy(update=done) for alert in alerts))
        except TransientFault:
            return False
        return True


def _nobody(around: Around) -> str:
    """Why a former customer is remembered by no win-back."""
    leaving = around.cancellation
    return NOT_YET.format(leaving.workflow_id) if leaving and leaving.closed_at is None else NOBODY


def _may_pass(failure: ApplicationError) -> bool:
    """Whether it may go through later, as what is kept back on purpose."""
    return not failure.non_retryable or failure.type == HELD


def _asked(alerts: Sequence[AlertEntry], why: str, around: Around, at: Utc, rules: DetectionRules) -> ReachOut:
    first = alerts[0]
    within = next(one.respond for one in rules.responses if one.level is RiskLevel.LOW)
    due = later(at, within) if within else None
    return ReachOut(key=f"outreach-{first.id}", account_id=first.account_id, lead=around.lead, why=why, due=due, at=at)


def _asked_since(
    alerts: Iterable[AlertEntry], before: Iterable[AlertEntry], at: Utc, rules: DetectionRules
) -> datetime | None:
    """When a person was asked because of each of these rules, where that is not long ago; a swinging score asks once."""
    asked = [one for one in before if one.answered_at and one.answer.startswith(ASKED)]
    recent = {
        one.rule: one.answered_at
        for one in asked
        if one.answered_at and at < later(one.answered_at, rules.written_every)
    }
    moments = [recent.get(alert.rule) for alert in alerts]
    known = [moment for moment in moments if moment]
    return max(known) if len(known) == len(moments) else None


def _lead(team: Team, roles: Iterable[str]) -> str | None:
    """Who holds the first of these roles and is there, or stands in for whoever has left."""
    for role in roles:
        seat = team.seat(role)
        for id_ in (seat.person, seat.deputy) if seat else ():
            person = team.person(id_) if id_ else None
            if person and person.active:
                return person.id
    return None
