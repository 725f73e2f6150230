"""``personal-request``: a person asks for something about their own data, while their account leaves or after."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.command import Reply, command
from cli.desk import Desk
from cli.giving import give
from cli.options import Account, By, CommandId, moment
from models.after_commands import PersonalRequest
from models.case import CaseKind
from models.personal import PersonalKind

AskedFor = Annotated[PersonalKind, typer.Argument(help="What the person asks for.", show_default=False)]
ReceivedAt = Annotated[str, typer.Option("--received", help="When the request came in.", show_default=False)]
KeptWhere = Annotated[
    str, typer.Option("--detail", help="Where it is kept, without names; such as a ticket.", show_default=False)
]
Law = Annotated[str, typer.Option("--law", help="The law that protects the person, such as GDPR.")]


def offer_personal_request(app: typer.Typer, group: str, kind: CaseKind) -> None:
    """Give the group of commands its ``personal-request``, which reaches the account's case of this kind."""

    @command(
        app,
        "personal-request",
        example=f"{group} personal-request acc-0003 access --by usr-02 "
        '--received 2026-11-20T09:00+08:00 --detail "ticket 88"',
    )
    async def personal_request(
        desk: Desk,
        account: Account,
        asked: AskedFor,
        by: By,
        received: ReceivedAt,
        detail: KeptWhere,
        law: Law = "",
        command_id: CommandId = None,
    ) -> Reply:
        """A person asks for something about their own data; the answer is due by their law."""
        given = PersonalRequest(by=by, kind=asked, received_at=moment(received), law=law, detail=detail)
        return await give(desk, account, given, command_id, kind)
