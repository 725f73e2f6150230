"""Patterns reach those who can change something: one mail to each of them, once for a period (OFFB-36, METR-9)."""

from __future__ import annotations

from adapters.letters.patterns import PatternLetters
from adapters.letters.templates import Templates
from cli.codes import ExitCode
from cli.desk import Desk
from cli.exits import Failure
from models.base import Record
from models.faults import Held, PermanentFault, TransientFault
from models.letter import Mailbox, OutboxState
from models.metrics import Period, Themes
from models.metrics_policy import MetricsPolicy
from models.people import PersonId
from rules.metrics import digest as digests


class Sent(Record):
    """To whom the patterns went, and to whom not, with the reason for each."""

    sent: tuple[PersonId, ...] = ()
    kept_back: tuple[str, ...] = ()


async def send(desk: Desk, found: Themes, policy: MetricsPolicy) -> Sent:
    """Each person whose role hears of a pattern gets what is theirs; the same period again sends nothing twice."""
    parts = await desk.parts()
    _check_period(found.period)
    told, failed = [], []
    sender = Mailbox(address=desk.settings.sender, name=desk.settings.company_name)
    letters = PatternLetters(Templates(desk.settings.playbooks / "messages"), sender)
    for person, audiences in digests.addressed(found, policy, await parts.directory.people()).items():
        try:
            letter = letters.letter(found, policy.patterns, audiences, await parts.directory.card(person))
            await parts.email.send(letter, _key(found.period, person))
            told.append(person)
        except (Held, PermanentFault, TransientFault) as fault:
            failed.append(f"{person}: {fault}")
    return Sent(sent=tuple(told), kept_back=tuple(failed))


async def was_sent(desk: Desk, found: Themes, policy: MetricsPolicy) -> bool:
    """Whether everybody who is to hear of the patterns of the period was written to; not where there is none."""
    parts = await desk.parts()
    if not (found.period.since and found.period.until):
        return False
    people = digests.addressed(found, policy, await parts.directory.people())
    entries = [await parts.outbox.entry(_key(found.period, person)) for person in people]
    return bool(entries) and all(entry and entry.state is OutboxState.SENT for entry in entries)


def _check_period(period: Period) -> None:
    if not (period.since and period.until):
        raise Failure(
            ExitCode.SETUP, "Usage", "patterns are sent once for a period; give its days with --from and --to"
        )


def _key(period: Period, person: PersonId) -> str:
    assert period.since is not None
    assert period.until is not None
    return f"patterns/{period.since:%Y-%m-%d}/{period.until:%Y-%m-%d}/{person}"
