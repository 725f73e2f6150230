"""``facts nps``, ``ticket`` and ``usage``: what surveys, the help desk and the product know, one fact by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.text import Text

from adapters.clock import utc_now
from cli.at_once import judge_at_once
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import refused
from cli.facts import At
from cli.facts import app as app
from cli.options import Account, By, day, moment
from cli.strangers import check_present
from models.base import Record
from models.facts import NpsAnswer, Origin, Ticket, UsageDay
from models.portfolio import Sentiment
from parts import Parts
from rules.refusal import one_of

Score = Annotated[int, typer.Argument(min=0, max=10, help="How likely they recommend us, from 0 to 10.")]
Comment = Annotated[str, typer.Option("--comment", help="What they wrote with it.")]
Contact = Annotated[str, typer.Option("--contact", help="Id of the contact who answered.")]
TicketId = Annotated[str, typer.Option("--id", help="Id of the ticket: given again, it is replaced.")]
Subject = Annotated[str, typer.Option("--subject", help="What the ticket is about.")]
Tone = Annotated[
    Sentiment | None, typer.Option("--sentiment", help="Its tone; not known if left out.", show_default=False)
]
Csat = Annotated[
    int | None, typer.Option("--csat", min=1, max=10, help="Its rating, from 1 to 10.", show_default=False)
]
Day = Annotated[str, typer.Argument(metavar="DAY", help="Day (UTC) on which the product was used, such as 2026-11-02.")]
_Number = Annotated[int | None, typer.Option(min=0, max=10**9, show_default=False)]


@command(app, "nps", example="facts nps acc-0001 4 --comment 'too slow lately' --by usr-01")
async def nps(
    desk: Desk, account: Account, score: Score, by: By, comment: Comment = "", contact: Contact = "", at: At = None
) -> Reply:
    """Record an answer to whether they would recommend us. The same contact in the same minute counts once."""
    parts, now = await _asked(desk, account, by)
    when = _past(at, now).replace(second=0, microsecond=0)
    await _check_contact(parts, account, contact)
    answer = NpsAnswer(account_id=account, contact_id=contact, at=when, score=score, comment=comment)
    await parts.facts.put_nps([answer], _origin(by, now))
    return await _judged(desk, account, by, answer)


@command(
    app, "ticket", example="facts ticket acc-0001 --id T-4711 --subject 'Export fails' --sentiment negative --by usr-01"
)
async def ticket(
    desk: Desk,
    account: Account,
    id_: TicketId,
    by: By,
    subject: Subject = "",
    sentiment: Tone = None,
    csat: Csat = None,
    at: At = None,
) -> Reply:
    """Record a support ticket with its tone and its rating; --at is when it was opened."""
    parts, now = await _asked(desk, account, by)
    tone = sentiment.value if sentiment else ""
    opened = Ticket(id=id_, account_id=account, opened_at=_past(at, now), subject=subject, sentiment=tone, csat=csat)
    await parts.facts.put_tickets([opened], _origin(by, now))
    return await _judged(desk, account, by, opened)


@command(app, "usage", example="facts usage acc-0001 2026-11-02 --logins 14 --active-users 6 --by usr-01")
async def usage(
    desk: Desk,
    account: Account,
    on: Day,
    by: By,
    logins: _Number = None,
    active_users: _Number = None,
    key_feature_events: _Number = None,
) -> Reply:
    """Record how the product was used on a day; a measure that is left out stays what it was, or not measured."""
    parts, now = await _asked(desk, account, by)
    used = UsageDay(
        account_id=account,
        day=_passed(day(on), now),
        logins=logins,
        active_users=active_users,
        key_feature_events=key_feature_events,
    )
    if not used.measures:
        raise refused("BadFact", "nothing was measured; give one of --logins, --active-users, --key-feature-events")
    await parts.usage.put([used], _origin(by, now))
    return await _judged(desk, account, by, used)


async def _asked(desk: Desk, account: str, by: str) -> tuple[Parts, datetime]:
    """The parts, once account and person are known."""
    parts = await desk.parts()
    await parts.crm.account(account)
    await check_present(parts, by)
    return parts, utc_now()


async def _check_contact(parts: Parts, account: str, contact: str) -> None:
    known = [one.id for one in await parts.crm.contacts(account)]
    if contact and contact not in known:
        raise refused("BadFact", f"{account} has no contact '{contact}'; it has {one_of(known)}")


def _origin(by: str, now: datetime) -> Origin:
    return Origin(source=f"command:{by}", received_at=now)


async def _judged(desk: Desk, account: str, by: str, fact: Record) -> Reply:
    noted = await judge_at_once(desk, (account,))
    return Reply(fact, Text(f"recorded for {account}, source command:{by}; {noted}", style="green"))


def _past(at: str | None, now: datetime) -> datetime:
    when = moment(at) if at else now
    if when > now:
        raise refused("BadFact", f"{when:%Y-%m-%d %H:%M} UTC lies in the future; give the moment at which it happened")
    return when


def _passed(on: date, now: datetime) -> date:
    if on > now.date():
        raise refused("BadFact", f"{on} lies in the future; give a day that has been measured")
    return on
