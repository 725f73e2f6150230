"""What is particular to a cancellation, on a terminal: its policy, its dates, its save talk, what the customer wants."""

from __future__ import annotations

from rich.markup import escape
from rich.text import Text

from cli.desk import Names
from cli.words import when
from models.leaving_status import LeavingStatus

_TELL = {True: "wants to hear when what they named is fixed", False: "does not want to hear of a fix"}


def of_leaving(leaving: LeavingStatus, names: Names) -> Text:
    """The lines below the header of a cancellation."""
    lines = [_dates(leaving), _reason(leaving), _corrected(leaving, names), _talk(leaving), _wishes(leaving)]
    return Text.from_markup("\n".join(line for line in lines if line))


def _dates(leaving: LeavingStatus) -> str:
    end = f"[bold]{leaving.end_date}[/] (first day without the service)" if leaving.end_date else "not confirmed yet"
    if leaving.withdrawn_at:
        end = f"none, it was {leaving.end_date}" if leaving.end_date else "none"
    asked = (
        f", asked for {leaving.asked_end_date}"
        if leaving.asked_end_date and not (leaving.end_date or leaving.withdrawn_at)
        else ""
    )
    since = f" since {leaving.policy_since:%Y-%m-%d}" if leaving.policy_since else ""
    policy = f"[dim]policy[/] {leaving.policy or '-'}{since}   [dim]end[/] {end}{asked}"
    if leaving.withdrawn_at:
        stays = f"[green]withdrawn on {when(leaving.withdrawn_at)} UTC: the customer stays[/]"
        return f"{policy}\n{stays}; what was done is undone"
    closing = "[yellow]the closing has begun; it cannot be taken back[/]" if leaving.too_late_to_withdraw else ""
    return "\n".join(line for line in (policy, closing) if line)


def _reason(leaving: LeavingStatus) -> str:
    detail = f": {escape(leaving.reason_detail)}" if leaving.reason_detail else ""
    to = f"   [dim]moves to[/] {escape(leaving.destination)}" if leaving.destination else ""
    unknown = [one for one in leaving.requests if not one.authorised]
    asked = f"   [yellow]{len(unknown)} by somebody who may not cancel[/]" if unknown else ""
    return f"[dim]requests[/] {len(leaving.requests)}{asked}   [dim]reason[/] {leaving.churn_reason}{detail}{to}"


def _corrected(leaving: LeavingStatus, names: Names) -> str:
    """The reason that was noted first, where it is another one now."""
    if not leaving.reasons_before:
        return ""
    first, last, times = leaving.reasons_before[0], leaving.reasons_before[-1], len(leaving.reasons_before)
    detail = f": {escape(first.detail)}" if first.detail else ""
    often = f"{times} times, last" if times > 1 else "on"
    corrected = f"corrected {often} {when(last.corrected_at)} by {escape(names.of(last.corrected_by))}"
    return f"[dim]first reason[/] {first.reason}{detail}   [dim]{corrected}[/]"


def _talk(leaving: LeavingStatus) -> str:
    if leaving.no_sales_contact:
        return "[dim]save attempts[/] none: the customer wants no sales conversation"
    last = leaving.invitations[-1] if leaving.invitations else None
    answer = {True: "accepted", False: "declined", None: "waits for the answer"}[last.accepted] if last else "none yet"
    ended = f", ended as {leaving.save_outcome}" if leaving.save_outcome else ""
    return f"[dim]save attempts[/] {len(leaving.invitations)} of {leaving.attempts_allowed} ({answer}{ended})"


def _wishes(leaving: LeavingStatus) -> str:
    said = [f"feedback {leaving.feedback.replace('_', ' ')}"] if leaving.feedback != "not_asked" else []
    said += [f"{leaving.satisfaction} of 10 for the cancellation"] if leaving.satisfaction is not None else []
    said += [f"data: {leaving.data_choice}"] if leaving.data_choice else []
    said += ["[yellow]clean break: no contact[/]"] if leaving.clean_break else []
    said += [_TELL[leaving.may_tell]] if leaving.may_tell is not None else []
    said += ["wants the deletion in writing"] if leaving.proof_wanted else []
    return f"[dim]wishes[/] {', '.join(said)}" if said else ""
