"""``facts``: what is known of customers: given by people, sent by a stream, proposed from a text."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from adapters.clock import utc_now
from adapters.playbooks.folder import FolderPlaybooks
from adapters.stream.reading import Calls, read_calls
from cli import view_facts
from cli.at_once import judge_at_once
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure, refused
from cli.options import Account, By, moment
from cli.strangers import check_present
from cli.streaming import SOURCE, ingest
from cli.words import money
from models.account import Money
from models.facts import Figure, InboundFact, KnownFact, Origin, Payment
from models.portfolio import Locale
from parts import Parts
from rules.facts import BadFact, GivenFact, fact_of
from rules.statements import proposed

STDIN = "-"
CRM = "crm"
app = group("What is known of customers, where it came from, and what they may have said.")

Kind = Annotated[
    str, typer.Option("--kind", help="Kind of a signal in detection.yaml, payment_late or payment_failed.")
]
Detail = Annotated[str, typer.Option("--detail", help="What happened, in a few words.")]
At = Annotated[str | None, typer.Option("--at", help="When it happened; now if left out.", show_default=False)]
FactId = Annotated[str, typer.Option("--id", help="Your own id of the fact: given again, it is replaced.")]
AmountOf = Annotated[
    str | None, typer.Option("--amount", help="Of a payment, with its currency: '1200.50 MYR'.", show_default=False)
]
Submetric = Annotated[
    str | None, typer.Option("--submetric", help="Sub-metric as name=value, from 0 to 100.", show_default=False)
]
Kpi = Annotated[str | None, typer.Option("--kpi", help="KPI of the customer as name=value.", show_default=False)]
Target = Annotated[float | None, typer.Option("--target", help="What the KPI should come to.", show_default=False)]
Stream = Annotated[str, typer.Argument(metavar="FILE", help="File of JSON lines, or - for standard input.")]
Words = Annotated[str, typer.Argument(metavar="TEXT", help="What was said or written, or - for standard input.")]
Language = Annotated[Locale, typer.Option("--language", help="Language in which the phrases are shown.")]


@command(app, "add", example='facts add acc-0001 --kind champion_left --detail "resigned" --by usr-01')
async def add(
    desk: Desk,
    account: Account,
    by: By,
    kind: Kind = "",
    detail: Detail = "",
    at: At = None,
    id_: FactId = "",
    amount: AmountOf = None,
    submetric: Submetric = None,
    kpi: Kpi = None,
    target: Target = None,
) -> Reply:
    """Record what you know of a customer: a signal (champion left, competitor named, layoffs), a payment, a figure.

    Give one of --kind, --submetric and --kpi. What was said in a conversation belongs to a case: 'save statement'.
    """
    parts, now = await desk.parts(), utc_now()
    pays_in = (await parts.crm.account(account)).arr.currency
    await check_present(parts, by)
    words = await FolderPlaybooks(desk.settings.playbooks).fact_words()
    try:
        given = GivenFact(
            account_id=account,
            by=by,
            at=moment(at) if at else now,
            kind=kind,
            detail=detail,
            id=id_,
            amount=_money(amount) if amount else None,
            submetric=_named(submetric, "--submetric") if submetric else None,
            kpi=_named(kpi, "--kpi") if kpi else None,
            target=target,
        )
        fact = fact_of(given, words, pays_in, now)
    except BadFact as no:
        raise refused("BadFact", str(no)) from None
    await _keep(parts, fact, Origin(source=f"command:{by}", received_at=now))
    noted = await judge_at_once(desk, (account,))
    return Reply(fact, Text(f"recorded for {account}, source command:{by}; {noted}", style="green"))


@command(app, "show", example="facts show acc-0001")
async def show(desk: Desk, account: Account) -> Reply:
    """What is known of an account: each fact with its source and when it was received."""
    parts = await desk.parts()
    facts = (*await _of_crm(parts, account), *await parts.facts.known(account), *await _last_day(parts, account))
    return Reply(facts, view_facts.of_facts(account, facts))


@command(app, "ingest", example="facts ingest events.jsonl")
async def take_in(desk: Desk, file: Stream) -> Reply:
    """Take in messages of a Segment-shaped stream: identify, track, group; one JSON object a line.

    Good lines are kept, and each broken one is named with its line and what would be right (exit code 5). A messageId
    counts once, so that the same file again changes nothing. What events mean is written in facts.yaml.
    """
    rules = (await FolderPlaybooks(desk.settings.playbooks).facts()).stream
    parts, now = await desk.parts(), utc_now()
    name = "stdin" if file == STDIN else file
    with desk.working(f"reading {name}"):
        calls = await asyncio.to_thread(_calls, file, name, now)
        report = await ingest(name, calls, rules, parts, Origin(source=SOURCE, received_at=now))
    noted = await judge_at_once(desk, report.accounts)
    view = Group(view_facts.of_ingest(report), Text(noted, style="dim"))
    return Reply(report, view, ExitCode.OK if report.clean else ExitCode.FAULTY_FILES)


@command(app, "match", example='facts match "We are evaluating alternatives"')
async def match(desk: Desk, text: Words, language: Language = Locale.EN) -> Reply:
    """Propose statements of the dictionary for a text in English, Malay or Indonesian; it records nothing.

    It looks words up and guesses nothing; you tag what was really said with 'save statement'.
    """
    playbooks = FolderPlaybooks(desk.settings.playbooks)
    given = await asyncio.to_thread(sys.stdin.read) if text == STDIN else text
    dictionary = {one.code: one for one in (await playbooks.policy()).statements}
    found = proposed(given, (await playbooks.facts()).matching)
    pairs = tuple((one, dictionary[one.code]) for one in found)
    data = [one.model_dump() | {"meaning": known.meaning, "response": known.response} for one, known in pairs]
    return Reply(data, view_facts.of_proposed(pairs, language.value))


async def _keep(parts: Parts, fact: InboundFact | Payment | Figure, origin: Origin) -> None:
    match fact:
        case InboundFact():
            await parts.facts.put_inbound([fact], origin)
        case Payment():
            await parts.facts.put_payments([fact], origin)
        case Figure():
            await parts.facts.put_figures([fact], origin)


async def _of_crm(parts: Parts, account_id: str) -> tuple[KnownFact, ...]:
    """The people at the customer and the renewal, as the CRM has them now."""
    account = await parts.crm.account(account_id)
    people = (", ".join(filter(None, (one.name, one.title))) for one in await parts.crm.contacts(account_id))
    renewal = KnownFact(what="renewal", at=account.renewal_date, text=f"{money(account.arr)} a year", source=CRM)
    return (*(KnownFact(what="contact", text=text, source=CRM) for text in people), renewal)


async def _last_day(parts: Parts, account: str) -> tuple[KnownFact, ...]:
    """The last measured day of use, which stands for the history."""
    found = await parts.usage.latest(account)
    if found is None:
        return ()
    day, origin = found
    text = ", ".join(f"{fact.metric} {fact.value:g}" for fact in day.measures)
    last = KnownFact(what="usage", at=day.day, text=text, source=origin.source, received_at=origin.received_at)
    return (last,)


def _calls(file: str, name: str, now: datetime) -> Calls:
    if file == STDIN:
        return read_calls(name, sys.stdin.buffer, now)
    try:
        with Path(file).open("rb") as lines:
            return read_calls(name, lines, now)
    except OSError as error:
        raise Failure(ExitCode.SETUP, "Usage", f"{file} cannot be read ({error.strerror})") from None


def _money(text: str) -> Money:
    number, _, currency = text.strip().partition(" ")
    try:
        minor = Decimal(number) * 100
        if not minor.is_finite() or minor != minor.to_integral_value() or not 0 <= minor <= 10**15:
            raise InvalidOperation
        return Money(minor=int(minor), currency=currency.strip())
    except (InvalidOperation, ValueError):
        raise BadFact(f"'{text}' is no amount; write it like '1200.50 MYR', not negative") from None


def _named(text: str, option: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise BadFact(f"{option} takes name=value with a number, such as champion_status=40; got '{text}'") from None
