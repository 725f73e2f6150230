"""``save guide``: what may be said in a save conversation, in the customer's language (CONV-14..19, TMPL-4, TMPL-26..30)."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from adapters.letters.guide import Guide, Passage, StageName, load_guide
from cli.command import Reply, command
from cli.desk import Desk
from cli.options import Account
from models.base import Record
from models.misfit import quoted
from parts import Parts
from rules.refusal import one_of

_WHYS = "whys"
_TITLES = {
    _WHYS: "Ask why, up to five times",
    StageName.OPEN_HONESTLY: "1. Open honestly",
    StageName.LISTEN_FIRST: "2. Listen first",
    StageName.ACKNOWLEDGE: "3. Acknowledge",
    StageName.PROPOSE: "4. Propose",
    StageName.GET_COMMITMENT: "5. Get their commitment",
}


class Said(Record):
    """One passage in the customer's language; ``fill_in`` is what stands in square brackets in it."""

    name: str
    text: str
    fill_in: tuple[str, ...] = ()
    must: tuple[str, ...]
    must_not: tuple[str, ...]


class TalkGuide(Record):
    """What ``save guide`` answers: the question why, and the stages in the order of the conversation."""

    account_id: str
    locale: str
    passages: tuple[Said, ...]


def _stage(given: str) -> StageName:
    """A stage by its number in the conversation, or by its name."""
    stages = list(StageName)
    named = {str(number): stage for number, stage in enumerate(stages, 1)} | {stage.value: stage for stage in stages}
    if given not in named:
        raise typer.BadParameter(
            f"{quoted(given)} is no stage; give a number from 1 to {len(stages)}, or {one_of(stages)}"
        )
    return named[given]


def add_to(save: typer.Typer) -> None:
    """Add the guide to the commands of a save."""
    command(save, "guide", example="save guide acc-0001 --stage listen_first")(guide)


async def guide(
    desk: Desk,
    account: Account,
    stage: Annotated[
        StageName | None,
        typer.Option(
            "--stage", help=f"Only this stage: 1 to 5, or {one_of(StageName)}.", parser=_stage, metavar="STAGE"
        ),
    ] = None,
) -> Reply:
    """What you may say in the conversation: why, and five stages, in the language of whom you speak with.

    It is a start to be put into your own words, never to be read out. What stands in square brackets is yours to fill in.
    """
    parts = await desk.parts()
    locale = await _locale(parts, account)
    written = load_guide(desk.settings.playbooks / "messages")
    found = TalkGuide(account_id=account, locale=locale, passages=_passages(written, locale, stage))
    return Reply(found, of_guide(found))


def of_guide(found: TalkGuide) -> RenderableType:
    """The passages below each other, each with what it must do and must not."""
    head = Text(
        "A start for your own words, never to be read out; what is in [brackets] is yours to fill in.", style="dim"
    )
    return Group(head, *(line for said in found.passages for line in _shown(said)))


def _shown(said: Said) -> tuple[Text, ...]:
    bounds = [f"  + {text}" for text in said.must] + [f"  - never {text}" for text in said.must_not]
    return Text(f"\n{_TITLES[said.name]}", style="bold"), Text(said.text.rstrip()), Text("\n".join(bounds), style="dim")


def _passages(written: Guide, locale: str, stage: StageName | None) -> tuple[Said, ...]:
    if stage:
        return (_said(stage, written.stage(stage), locale),)
    return (_said(_WHYS, written.whys, locale), *(_said(each.name, each, locale) for each in written.stages))


def _said(name: str, passage: Passage, locale: str) -> Said:
    return Said(
        name=name,
        text=passage.text(locale),
        fill_in=passage.placeholders(locale),
        must=passage.must,
        must_not=passage.must_not,
    )


async def _locale(parts: Parts, account_id: str) -> str:
    """The language of whom a message of a case goes to, else that of the account. Raises ``PermanentFault``."""
    account = await parts.crm.account(account_id)
    contacts = await parts.crm.contacts(account_id)
    return next((one.locale for one in contacts if one.id == account.contact_id), account.locale)
