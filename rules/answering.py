"""What is done about an account's new alerts: one case is opened or fed, or it is reached without one (RISK-85, DIS-5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from models.alerts import UNANSWERED, AlertEntry, Happens, RiskLevel, heard_as
from models.base import Record, Utc
from models.book import CaseEntry
from models.case import CaseKind
from models.commands import RiskSignal
from models.facts import InboundFact
from models.people import PersonId
from models.starts import SaveStart
from models.work import StartCase, TellCase
from rules.refusal import Refused
from rules.save.opening import weighed

SWEEP = "health-sweep"
"""Who opens a case of an account that nobody leads."""
_LONGEST = 500
"""Letters of a reason, with what was told of it."""
_IDS = {CaseKind.SAVE: "save:{}", CaseKind.RECOVERY: "recovery:{}", CaseKind.WIN_BACK: "win-back:{}"}
_LEVELS = tuple(RiskLevel)
_FROM = _LEVELS.index(RiskLevel.MEDIUM)


class Around(Record):
    """What else there is of the account: who leads it, since when it is gone, its cases that are open.

    ``cancellation`` is its last one, open or over.
    """

    lead: PersonId | None = None
    left_on: date | None = None
    save: CaseEntry | None = None
    recovery: CaseEntry | None = None
    cancellation: CaseEntry | None = None


class Answer(Record):
    """What is done: a case is started, others are told, the customer is reached; ``case`` is the workflow id of it.

    ``said`` is what the alerts keep of it.
    """

    happens: Happens
    said: str
    written: bool = False
    case: str = ""
    start: StartCase | None = None
    tells: tuple[TellCase, ...] = ()

    @property
    def unanswered(self) -> bool:
        """Whether nothing could be done; a person is asked."""
        return self.said.startswith(UNANSWERED)


def worded(alerts: Sequence[AlertEntry], facts: Iterable[InboundFact]) -> tuple[AlertEntry, ...]:
    """The alerts with what was told of their signals, so that a case says why it was opened; the last one told counts.

    ``facts`` are those of the account, in the order of their moments. Words that an alert has from an earlier try are put
    anew and not behind those.
    """
    told = {fact.kind: fact.detail for fact in facts if fact.detail}
    return tuple(_worded(alert, told[alert.rule]) if alert.rule in told else alert for alert in alerts)


def _worded(alert: AlertEntry, detail: str) -> AlertEntry:
    return alert.model_copy(update={"why": f"{alert.rule.replace('_', ' ')}: {detail}"[:_LONGEST]})


def answered(account_id: str, alerts: Sequence[AlertEntry], around: Around) -> Answer:
    """The answer to the new alerts of one account, at least one of them; the gravest leads."""
    ordered = sorted(alerts, key=lambda alert: (-_LEVELS.index(alert.level), alert.rule))
    if any(alert.happens is Happens.WIN_BACK for alert in ordered):
        return _told(account_id, ordered, CaseKind.WIN_BACK, Happens.WIN_BACK, "the win-back hears it")
    leaving = around.cancellation
    if leaving and leaving.closed_at is None and not around.save and not any(_opens(alert) for alert in ordered):
        said = "the customer is leaving; nothing is sent to them beside that"
        return Answer(happens=Happens.WATCH, said=said, case=leaving.workflow_id)
    if not around.save and not any(_opens(alert) for alert in ordered):
        return Answer(happens=Happens.OUTREACH, said="the customer is reached out to")
    if around.recovery and not around.save:
        return _told(account_id, ordered, CaseKind.RECOVERY, Happens.OPEN_CASE, "the recovery hears it as a relapse")
    return _save(account_id, ordered, around)


def _opens(alert: AlertEntry) -> bool:
    """Whether a case is wanted; what was to feed one that has closed meanwhile opens the next from a warning sign on."""
    feeds = alert.happens in (Happens.FEED_CASE, Happens.ESCALATE_CASE)
    return alert.happens is Happens.OPEN_CASE or (feeds and _LEVELS.index(alert.level) >= _FROM)


def _save(account_id: str, alerts: Sequence[AlertEntry], around: Around) -> Answer:
    start = SaveStart(account_id=account_id, opened_by=around.lead or SWEEP, reason=kind_of(alerts[0]))
    try:
        opening = None if around.save else weighed(start, around.left_on, around.cancellation)
    except Refused as no:
        return _refused(f"no save is opened: {no.sentence}", around.cancellation)
    workflow_id = _IDS[CaseKind.SAVE].format(account_id)
    told = [_signal(alert) for alert in alerts]
    asked = StartCase(
        key=f"{alerts[0].id}/start_case",
        case_id=SWEEP,
        account_id=account_id,
        workflow_type="SaveAttempt",
        workflow_id=workflow_id,
        summary=f"save attempt: {account_id}",
        save=opening.start if opening else start,
        signal=told[0],
    )
    what, said = (
        (Happens.FEED_CASE, "the open save hears it") if around.save else (Happens.OPEN_CASE, "a save is opened")
    )
    tells = tuple(_tell(account_id, workflow_id, alert) for alert in alerts[1:])
    return Answer(happens=what, said=said, case=workflow_id, start=asked, tells=tells)


def _refused(said: str, last: CaseEntry | None) -> Answer:
    """Of a customer who leaves unspoken to, the cancellation has it; any other is for a person, or a later sweep."""
    if last and last.closed_at is None and last.leaving and last.leaving.attempt is False:
        return Answer(happens=Happens.WATCH, said=said, case=last.workflow_id)
    return Answer(happens=Happens.WATCH, said=f"{UNANSWERED}{said}")


def _told(account_id: str, alerts: Sequence[AlertEntry], kind: CaseKind, what: Happens, said: str) -> Answer:
    workflow_id = _IDS[kind].format(account_id)
    tells = tuple(_tell(account_id, workflow_id, alert) for alert in alerts)
    return Answer(happens=what, said=said, case=workflow_id, tells=tells)


def _tell(account_id: str, workflow_id: str, alert: AlertEntry) -> TellCase:
    return TellCase(
        key=f"{alert.id}/tell_case",
        case_id=SWEEP,
        account_id=account_id,
        workflow_id=workflow_id,
        signal=_signal(alert),
    )


def _signal(alert: AlertEntry) -> RiskSignal:
    """Why the case is opened or fed, in a sentence; its moment is that of the alert, so that it counts once."""
    detail = f"{alert.why} (since {alert.since:%Y-%m-%d})"
    escalates = alert.happens is Happens.ESCALATE_CASE
    return RiskSignal(kind=kind_of(alert), detail=detail, at=alert.raised_at, escalates=escalates)


def kind_of(alert: AlertEntry) -> str:
    """The kind of a signal that a case hears of an alert."""
    return heard_as(alert.rule, alert.kind)


def settled_as(alerts: Sequence[AlertEntry], answer: Answer, at: Utc) -> tuple[AlertEntry, ...]:
    """The alerts with what was done about them; one that escalates the open case says so."""
    done = {"answered_at": at, "answer": answer.said, "case": answer.case, "written": answer.written}
    return tuple(alert.model_copy(update=done | {"happens": _became(alert, answer)}) for alert in alerts)


def _became(alert: AlertEntry, answer: Answer) -> Happens:
    escalated = alert.happens is Happens.ESCALATE_CASE and answer.happens is Happens.FEED_CASE
    return alert.happens if escalated else answer.happens
