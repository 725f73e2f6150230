"""The groups of commands of each kind of case, put together."""

from __future__ import annotations

from cli import case_work, correcting, documents, guide, menu, save_offers, save_promises
from cli.command import command
from models.case import CaseKind

save = case_work.GROUPS[CaseKind.SAVE]
recovery = case_work.GROUPS[CaseKind.RECOVERY]
cancel = case_work.GROUPS[CaseKind.CANCELLATION]
retention = case_work.GROUPS[CaseKind.RETENTION]
winback = case_work.GROUPS[CaseKind.WIN_BACK]

documents.app.add_typer(save_promises.app, name="promise")
documents.app.add_typer(save_offers.app, name="offer")
command(save_offers.app, "kinds", example="save offer kinds --cause budget_cut")(menu.kinds)
guide.add_to(documents.app)
correcting.add_to(documents.app)
