"""``save``: the pages for a conversation: the brief before it, the value summary and the ROI model for it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel, ValidationError
from rich.text import Text

from adapters.clock import utc_now
from adapters.letters.templates import Written
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import Failure, unknown
from cli.options import Account, By, Playbook, day, moment
from cli.page import Page
from cli.save_work import app as app
from models import misfit
from models.account import Money
from models.base import Record
from models.case import RefusalType
from models.usage import Period
from models.value import GivenFigures, RoiInputs, RoiModel, ValueSummary
from models.work import PrepareBrief
from parts import Parts
from rules.brief import period_of
from rules.save.lifecycle import SPINE
from rules.value import losses, losses_of, value_summary
from rules.value import roi as roi_of

_SAVE = "save"
_Model = TypeVar("_Model", bound=BaseModel)


Out = Annotated[Path | None, typer.Option("--out", help="Write the page to this file, in Markdown.")]
Rate = Annotated[str | None, typer.Option("--rate", help="What an hour of their work costs, such as 35.00.")]


class ValuePage(Record):
    """What ``save value`` answers."""

    summary: ValueSummary
    text: str
    warnings: tuple[str, ...] = ()


class RoiPage(Record):
    """What ``save roi`` answers."""

    model: RoiModel
    text: str
    warnings: tuple[str, ...] = ()


@command(app, "brief", example="save brief acc-0001 --by usr-01 --out brief.md")
async def brief(
    desk: Desk,
    account: Account,
    by: By,
    cause: Annotated[
        str | None, typer.Option(help="Root cause, where no open save has one.", show_default=False)
    ] = None,
    playbook: Playbook = None,
    at: Annotated[str | None, typer.Option("--at", help="As of when, as ISO text; now if left out.")] = None,
    out: Out = None,
) -> Reply:
    """Prepare a page for your first call: the reason, the history, what happened lately, what you may offer.

    It is computed from what is recorded and read in two minutes. An open save gives its cause and its playbook.
    """
    parts = await desk.parts()
    known = await _known(parts, account, by, moment(at) if at else utc_now())
    asked = await _with_cause(parts, known, cause, playbook)
    prepared = await parts.activities().documents.prepared(asked)
    return Reply(prepared, _shown(prepared.page.text, out))


@command(app, "value", example="save value acc-0001 --from 2026-08-01 --until 2026-11-01 --out value.md")
async def value(
    desk: Desk,
    account: Account,
    since: Annotated[
        str | None, typer.Option("--from", help="First day of the period; 90 days back if left out.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Day after its last one; today if left out.")] = None,
    alternative: Annotated[
        str | None, typer.Option(help="What the alternative costs in a year, such as 60000.")
    ] = None,
    alternative_name: Annotated[str, typer.Option(help="What the alternative is.")] = "",
    manual_hours: Annotated[str | None, typer.Option(help="Hours a year that it would take by hand.")] = None,
    rate: Rate = None,
    source: Annotated[str, typer.Option(help="Who gave these figures.")] = "",
    out: Out = None,
) -> Reply:
    """Sum up what the product did for a customer: their figures, their words, and the comparison you give figures for.

    Amounts are in the currency of the account. What nobody gave is asked for on the page, and nothing is made up. What
    argues against us is said on standard error, before the page.
    """
    parts = await desk.parts()
    record = await parts.crm.account(account)
    currency = record.arr.currency
    figures = _built(
        GivenFigures,
        currency=currency,
        alternative_name=alternative_name,
        alternative=_money(alternative, currency),
        manual_hours=_hours(manual_hours),
        hourly_rate=_money(rate, currency),
        source=source,
    )
    rules = (await parts.playbooks.load(SPINE)).policy.brief
    period = _period(since, until, rules.look_back_days)
    summary = value_summary(await parts.sources().for_value(account, period, figures, rules), period)
    page = parts.pages.value_summary(summary, record)
    shown = _shown(page.text, out)
    return Reply(ValuePage(summary=summary, text=page.text, warnings=_warned(desk, losses(summary))), shown)


@command(app, "roi", example='save roi acc-0001 --hours 1200 --rate 35.00 --strategic "a week sooner on the market"')
async def roi(
    desk: Desk,
    account: Account,
    hours: Annotated[str, typer.Option("--hours", help="Hours of work that it saves them in a year.")] = "0",
    rate: Rate = None,
    revenue: Annotated[str | None, typer.Option(help="Revenue a year that it enables, such as 50000.")] = None,
    avoided: Annotated[str | None, typer.Option(help="Cost a year that it avoids, such as 12000.")] = None,
    price: Annotated[str | None, typer.Option(help="Yearly price; that of the account if left out.")] = None,
    strategic: Annotated[
        list[str] | None, typer.Option(help="What it is worth beyond money; may be given again.")
    ] = None,
    out: Out = None,
) -> Reply:
    """Compute what the product returns in a year, from figures that you and the customer put together.

    Amounts are in the currency of the account; every figure is theirs to confirm.
    """
    parts = await desk.parts()
    record = await parts.crm.account(account)
    currency = record.arr.currency
    inputs = _built(
        RoiInputs,
        price=_money(price, currency) or record.arr,
        hours_saved=_hours(hours) or Decimal(0),
        hourly_rate=_money(rate, currency),
        revenue_enabled=_money(revenue, currency),
        cost_avoided=_money(avoided, currency),
        strategic=tuple(strategic or ()),
    )
    model = roi_of(inputs)
    page: Written = parts.pages.roi(model, record)
    shown = _shown(page.text, out)
    return Reply(RoiPage(model=model, text=page.text, warnings=_warned(desk, losses_of(model))), shown)


def _warned(desk: Desk, losses: tuple[str, ...]) -> tuple[str, ...]:
    """Say beside the page, never on it, what of it argues against us."""
    if losses:
        said = f"before you show it: this argues against us: {'; '.join(losses)}"
        desk.aside.print(Text(said, style="bold yellow"), soft_wrap=True)
    return losses


async def _known(parts: Parts, account: str, by: str, now: datetime) -> PrepareBrief:
    """What the open save knows of why it is open; nothing where there is none."""
    asked = PrepareBrief(key=f"brief/{account}/{by}", account_id=account, person=by, at=now, playbook=SPINE)
    case = await parts.book.open_case(account, _SAVE)
    if case is None:
        return asked
    told = (await parts.book.status_of(case.case_id)).timeline
    known = {
        "case_id": case.case_id,
        "reason": next((event.text.partition(": ")[2] for event in told if event.kind == "opened"), ""),
        "root_cause": case.root_cause,
        "opened_at": case.opened_at,
        "playbook": case.plan.partition("@")[0] or SPINE,
    }
    return asked.model_copy(update=known)


async def _with_cause(parts: Parts, asked: PrepareBrief, cause: str | None, playbook: str | None) -> PrepareBrief:
    """A cause that is given picks its playbook, unless one is named."""
    if cause is None:
        return asked.model_copy(update={"playbook": playbook or asked.playbook})
    causes = {rule.code: rule for rule in (await parts.playbooks.load(SPINE)).policy.root_causes}
    if cause not in causes:
        sentence = f"There is no root cause '{cause}'; there are: {', '.join(causes)}."
        raise unknown(RefusalType.UNKNOWN_ROOT_CAUSE, sentence)
    return asked.model_copy(update={"root_cause": cause, "playbook": playbook or causes[cause].playbook})


def _period(since: str | None, until: str | None, days: int) -> Period:
    last = day(until) if until else utc_now().date()
    usual = period_of(moment(last.isoformat()), days)
    return _built(Period, since=day(since), until=last) if since else usual


def _built(model: type[_Model], **values: object) -> _Model:
    """The model, or the one sentence that says what is wrong with what was given."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _usage(misfit.sentence(error)) from None


def _money(text: str | None, currency: str) -> Money | None:
    """An amount with at most two decimals, as minor units."""
    if text is None:
        return None
    try:
        minor = Decimal(text.replace(",", "").replace(" ", "")) * 100
    except InvalidOperation:
        raise _usage(f"'{text}' is no amount; write it like 35.50, in {currency}") from None
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise _usage(f"'{text}' is no amount of money; write it with at most two decimals, like 35.50")
    return Money(minor=int(minor), currency=currency)


def _hours(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _usage(f"'{text}' is no number of hours; write it like 1200 or 37.5") from None


def _usage(sentence: str) -> Failure:
    return Failure(ExitCode.SETUP, "Usage", sentence)


def _shown(text: str, out: Path | None) -> Page | Text:
    if out is None:
        return Page(text)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _usage(f"{out} cannot be written: {error.strerror}") from None
    return Text(f"written to {out}")
