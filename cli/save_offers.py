"""``save offer``: propose a concession, decide on it, record the customer's answer, and see what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from adapters.clock import utc_now
from cli import cases, view_case
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk, Names
from cli.exits import Failure
from cli.options import Account, By, CommandId, Why, pairs
from cli.words import apart, money, table, when
from models.base import Record, Utc
from models.calendar import Offset
from models.commands import AnswerOffer, Command, DecideApproval, ProposeOffer, WithdrawOffer
from models.concession import Approval, ApprovalState, Offer, OfferState
from models.misfit import quoted
from models.offer_commands import Decision, OfferAnswer, OfferedStep
from rules.save.lifecycle import SPINE

app = group("Offers to the customer: propose one within the ladder, decide on it, record the answer.")

_COLOURS = {
    OfferState.AWAITING_APPROVAL: "yellow",
    OfferState.APPROVED: "cyan",
    OfferState.APPLIED: "green",
    OfferState.ACCEPTED: "green",
    OfferState.REFUSED: "red",
}


class Register(Record):
    """What ``save offer list`` answers; ``judge`` is what whoever approves a price is asked to judge (SAVE-40, SAVE-41)."""

    offers: tuple[Offer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    judge: tuple[str, ...] = ()


async def _give(desk: Desk, account: str, given: Command, command_id: str | None) -> Reply:
    answered = await cases.update(desk, account, given, command_id)
    return Reply(answered, view_case.of_answer(answered))


@command(
    app,
    "propose",
    example="save offer propose acc-0001 bridge_discount --pct 10 --lasts P6M --tied-to reference --by usr-01",
)
async def propose(
    desk: Desk,
    account: Account,
    offer: Annotated[str, typer.Argument(help="Id of the offer in the playbook, such as bridge_discount.")],
    by: By,
    pct: Annotated[int | None, typer.Option("--pct", help="Percent off, for as long as --lasts says.")] = None,
    lasts: Annotated[str | None, typer.Option("--lasts", help="For how long, like P6M or P90D.")] = None,
    step: Annotated[
        list[str] | None, typer.Option("--step", help="A step of a phased price as months=percent, like 1-3=40; again.")
    ] = None,
    price: Annotated[
        int | None, typer.Option("--price", help="New price of a year in minor units, for less scope.")
    ] = None,
    tied_to: Annotated[
        str | None, typer.Option("--tied-to", help="What is asked in return, such as reference.")
    ] = None,
    tie_ref: Annotated[str | None, typer.Option("--tie-ref", help="The promise or step that stands for it.")] = None,
    detail: Annotated[
        list[str] | None, typer.Option("--detail", help="What the offer must say, as name=text; again.")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="What exactly is offered, in one line.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is needed; an emergency asks for it.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Propose an offer that the playbook authorises; its approval is asked for at once.

    The answer says what it costs in a year, what is left of your budget, and who decides until when. Proposed twice it
    counts once, as long as it waits; a second one has other terms.
    """
    given = ProposeOffer(
        by=by,
        offer=offer,
        title=title,
        pct=pct,
        lasts=_length(lasts),
        schedule=_schedule(step),
        price=price,
        tied_to=tied_to,
        tie_ref=tie_ref,
        details=pairs(detail, "--detail"),
        reason=reason,
    )
    return await _give(desk, account, given, command_id)


@command(app, "decide", example="save offer decide acc-0001 approval_1 approved --by usr-07")
async def decide(
    desk: Desk,
    account: Account,
    approval: Annotated[str, typer.Argument(help="Id of the approval, such as approval_1.", show_default=False)],
    decision: Annotated[Decision, typer.Argument(help="approved or refused.", show_default=False)],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why; a refusal needs it.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Approve or refuse an offer; nobody decides on their own, and the first decision stands."""
    given = DecideApproval(approval_id=approval, decision=decision, by=by, reason=reason)
    return await _give(desk, account, given, command_id)


@command(
    app,
    "answer",
    example='save offer answer acc-0001 offer_1 accepted --by usr-01 --evidence "email 4711: they take it"',
)
async def answer(
    desk: Desk,
    account: Account,
    offer: Annotated[str, typer.Argument(help="Id of the offer on the case, such as offer_1.", show_default=False)],
    said: Annotated[OfferAnswer, typer.Argument(help="accepted or declined.", show_default=False)],
    by: By,
    evidence: Annotated[str, typer.Option("--evidence", help="How the customer said so.", show_default=False)],
    command_id: CommandId = None,
) -> Reply:
    """The customer accepted or declined; what is accepted is applied in billing at once."""
    return await _give(desk, account, AnswerOffer(offer_id=offer, answer=said, evidence=evidence, by=by), command_id)


@command(app, "withdraw", example='save offer withdraw acc-0001 offer_1 --by usr-01 --why "that was another customer"')
async def withdraw(
    desk: Desk,
    account: Account,
    offer: Annotated[str, typer.Argument(help="Id of the offer on the case, such as offer_1.", show_default=False)],
    by: By,
    why: Why,
    command_id: CommandId = None,
) -> Reply:
    """Take back an offer that the customer has not accepted yet; nobody has to decide on it any more."""
    return await _give(desk, account, WithdrawOffer(offer_id=offer, by=by, reason=why), command_id)


@command(app, "budget", example="save offer budget --by usr-01")
async def budget(desk: Desk, by: By) -> Reply:
    """What is left of your budget of this quarter for concessions of a price, before you propose one."""
    parts = await desk.parts()
    person = await parts.directory.person(by)
    found = await parts.sources().budget(person.id, (await parts.playbooks.load(SPINE)).policy, utc_now())
    left = (
        money(found.left) if found.left else "nobody knows how much, a currency has no rate here; the executive decides"
    )
    text = f"{person.name} ({person.id}): {left} left of {money(found.whole)} since {found.since:%Y-%m-%d}"
    return Reply(found, Text(text))


@command(app, "list", example="save offer list acc-0001")
async def list_(desk: Desk, account: Account) -> Reply:
    """Every offer of the save attempt with what it costs, and every approval; a closed one is read from the book."""
    status = (await cases.see(desk, account)).status
    policy = (await (await desk.parts()).playbooks.load(SPINE)).policy
    register = Register(offers=status.offers, approvals=status.approvals, judge=policy.concessions.judge)
    return Reply(register, of_register(register, await desk.names(), status.as_of))


def of_register(register: Register, names: Names, now: Utc) -> RenderableType:
    """The offers, one in a line, and below them every approval: who gave it and when, or who owes it until when."""
    if not register.offers:
        return Text("nothing was offered yet", style="dim")
    rows = table("offer", "rates", "costs a year", "proposed by", "state", "until (UTC)")
    rows.columns[4].no_wrap = rows.columns[5].no_wrap = True
    for each in register.offers:
        state = f"[{_COLOURS.get(each.state, 'dim')}]{each.state.value.replace('_', ' ')}[/]"
        title = f"{each.id} [dim]{each.offer}[/]\n[dim]{escape(each.title)}[/]"
        proposer = escape(names.of(each.proposed_by)) if each.proposed_by else "-"
        rows.add_row(title, _rates(each), money(each.cost_per_year), proposer, state, _until(each, now))
    asked = Text("Before you decide on a price, judge: " + "; ".join(register.judge), style="dim")
    owed = any(each.state is ApprovalState.PENDING for each in register.approvals)
    return Group(
        rows, *((_approvals(register.approvals, names, now),) if register.approvals else ()), *([asked] * owed)
    )


def _approvals(approvals: Sequence[Approval], names: Names, now: Utc) -> RenderableType:
    rows = table("approval", "of", "who decides", "state", "when (UTC)")
    for column in (rows.columns[0], rows.columns[1], *rows.columns[3:]):
        column.no_wrap = True
    for each in approvals:
        pending = each.state is ApprovalState.PENDING
        state = f"[{'yellow' if pending else 'dim'}]{each.state.value}[/]"
        at = f"due {when(each.due)}\n[dim]{apart(each.due, now)}[/]" if pending else when(each.decided_at)
        rows.add_row(each.id, each.subject, _decider(each, names), state, at)
    return rows


def _decider(approval: Approval, names: Names) -> str:
    """The role with the person once there is a decision, and why it came to that role or was decided so."""
    who = f"{approval.role}: {names.of(approval.decided_by)}" if approval.decided_by else approval.role
    why = "; ".join(part for part in (approval.why, approval.reason) if part)
    return f"{escape(who)}\n[dim]{escape(why)}[/]" if why else escape(who)


def _rates(offer: Offer) -> str:
    return f"{offer.headline_pct} %\n[dim]blended {offer.blended_bp / 100:g} %[/]" if offer.headline_pct else "-"


def _until(offer: Offer, now: Utc) -> str:
    """Until when it may be answered, or what it gives runs."""
    at = offer.expires_at if offer.state is OfferState.APPROVED else offer.ends_at
    return f"{when(at)}\n[dim]{apart(at, now)}[/]" if at else "-"


def _length(text: str | None) -> Offset | None:
    try:
        return Offset.model_validate(text.upper()) if text else None
    except ValidationError:
        raise _usage(f"--lasts takes a duration like P6M or P90D; got {quoted(text)}") from None


def _schedule(steps: list[str] | None) -> tuple[OfferedStep, ...]:
    try:
        parts = pairs(steps, "--step").items()
        return tuple(OfferedStep(months=months, pct=int(pct)) for months, pct in parts)
    except ValueError:
        raise _usage(f"--step takes months=percent like 1-3=40; got {quoted(', '.join(steps or []))}") from None


def _usage(sentence: str) -> Failure:
    return Failure(ExitCode.SETUP, "Usage", sentence)
