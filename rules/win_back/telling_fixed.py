"""Telling who left that what they named is fixed: where they said that they want to hear it, and no other time (OFFB-37)."""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models.case import RefusalType
from models.leaving_facts import LeavingFacts
from models.metrics import OPTED_IN, OPTED_OUT
from models.step import Step
from models.win_back import Outreach, TriggerKind, WinBackCase
from rules.dating import local_day
from rules.edit import change, say
from rules.refusal import Refused
from rules.routing import policy_of
from rules.win_back import outreach

TEMPLATE = "fixed_what_you_named"


def tell(case: WinBackCase, command: ac.TellFixed, now: datetime) -> WinBackCase:
    """The letter is drafted for a person's release. Raises ``Refused`` without their yes, and as any contact does."""
    _check_wanted(case)
    _check_fixed(case, command, now)
    outreach.check_may_write(case, now)
    named = " ".join(command.named.split())
    reason = f"what they named is fixed since {command.since}: {named}"
    reach = Outreach(n=len(case.outreaches) + 1, at=now, by=command.by, reason=reason, named=named, since=command.since)
    title = "Tell them that what they named is fixed"
    spec = outreach.letter(reach, TEMPLATE, title, "OFFB-37", policy_of(case).lead_role)
    return outreach.begin(_occasion_used(case, reach), reach, spec, now)


def set_opt_in(case: WinBackCase, command: ac.SetOptIn, now: datetime) -> WinBackCase:
    """What they said last counts."""
    kind, word = (OPTED_IN, "want") if command.may_tell else (OPTED_OUT, "do not want")
    text = f"they {word} to hear when what they named is fixed: {command.words}"
    return say(change(case, may_tell=command.may_tell), now, kind, text, by=command.by)


def facts(case: WinBackCase, step: Step) -> LeavingFacts | None:
    """What the letter of a step tells; None for a letter about anything else."""
    reach = next((one for one in case.outreaches if outreach.step_of(one) == step.step_id and one.named), None)
    return LeavingFacts(named=reach.named, since=reach.since) if reach else None


def _check_wanted(case: WinBackCase) -> None:
    if case.may_tell:
        return
    said = "they did not say that they want" if case.may_tell is None else "they said that they do not want"
    raise Refused(
        RefusalType.CONSENT_MISSING,
        f"{said} to hear when what they named is fixed; note it with 'set_opt_in' if they say so, in their words",
    )


def _check_fixed(case: WinBackCase, command: ac.TellFixed, now: datetime) -> None:
    assert case.account is not None
    today = max(local_day(now, case.account.calendar), now.date())
    if command.since > today:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"they are told once it works: {command.since} lies ahead, today is {today}"
        )


def _occasion_used(case: WinBackCase, reach: Outreach) -> WinBackCase:
    """A fix that was noted as an occasion is used by this letter, so that no second one goes out for it."""
    noted = next((t for t in case.triggers if t.kind is TriggerKind.WE_FIXED_IT and not t.used_by), None)
    used = noted.model_copy(update={"used_by": reach.n}) if noted else None
    return change(case, triggers=tuple(used if used and one is noted else one for one in case.triggers))
