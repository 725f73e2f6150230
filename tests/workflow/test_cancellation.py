"""A cancellation on a real Temporal: from the request to the last proof, with the real activities on the embedded parts."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from models.billing import InvoiceKind
from models.case import CaseKind
from tests.company import ACCOUNT
from tests.leavers import REQUEST, asks
from tests.world import World, soon, world_on
from workflows.contract import cancellation_id

PERSONAL = {
    "personal_word": "Thank you for the four hundred exports that you showed me in March, Tuesday was an eye-opener."
}


async def letter(world: World, step: str, **edits: str) -> None:
    """The CSM sends the letter of a step."""
    message = next(m for m in (await world.status())["messages"] if m["step"] == step and m["state"] == "drafted")
    await world.tell("release_message", message_id=message["id"], edits=PERSONAL | edits)


async def confirmed(world: World, **more: Any) -> None:
    await asks(world)
    await world.passes(minutes=2)
    await letter(world, "acknowledgement")
    await world.tell("validate", intentional=True, reason="firm_decision")
    await world.tell("confirm", **more)
    await world.passes(minutes=2)


async def test_a_customer_leaves_with_everything_that_is_owed(world: World):
    await confirmed(world)
    status = await world.status()
    assert status["stage"] == "exporting"
    assert status["plan"] == "standard@1"
    await world.passes(days=14, hours=12)
    status = await world.status()
    done = {step["id"] for step in status["steps"] if step["state"] == "done"}
    assert {"data_export", "export_delivered", "access_notice", "read_only_some", "preview_invoice"} <= done
    finance = (await world.step("approve_invoice"))["person"]
    await world.tell(
        "complete_step", step_id="approve_invoice", by=finance, evidence="they match invoice 2291 to the cent"
    )
    await world.passes(days=1)
    status = await world.status()
    assert status["stage"] == "deactivated", [s for s in status["steps"] if s["state"] == "open"]
    effects = await world.effects()
    for verb in ("stop_charging", "issue_final_invoice", "close_account", "revoke_access", "revoke_internal"):
        assert len([key for key in effects if f"/{verb}/" in key]) == 1, verb
    mails = {mail.key.split("/")[1] for mail in await world.mails("send_letter")}
    assert {"receipt", "export_notice", "export_delivered", "access_notice", "closure_confirmation"} <= mails
    await has_the_invoice(world)
    notices = [mail.letter.subject for mail in await world.mails("notify_team") if "/teams_told/" in mail.key]
    assert any("left on" in subject for subject in notices)  # TMPL-51


async def has_the_invoice(world: World) -> None:
    """The confirmation carries the final invoice itself, under the number that billing gave it (OFFB-22)."""
    confirmation = next(m for m in await world.mails("send_letter") if "/closure_confirmation/" in m.key)
    (file,) = confirmation.letter.attachments
    state = await world.parts.billing.read_back(ACCOUNT, confirmation.changed_at.date())
    (final,) = [one for one in state.invoices if one.kind is InvoiceKind.FINAL]
    assert file.content and file.content.startswith(b"%PDF-")
    assert file.file_name == f"{final.id}.pdf"


async def test_two_requests_by_two_channels_are_one_case(world: World):
    first = await asks(world)
    again = await asks(world, channel="portal", request_id="form-7")
    assert first["ok"] and again["ok"]
    await world.passes(minutes=2)
    assert len((await world.status())["leaving"]["requests"]) == 2
    receipts = [mail for mail in await world.mails("send_letter") if "/receipt" in mail.key]
    assert len(receipts) == 2  # CANC-10: each has its own, with its own way in


async def test_a_save_beside_a_cancellation_follows_what_is_left_to_it(world: World):  # CANC-36, CANC-41
    await world.opened()
    save = world_on(world.client, world.parts, CaseKind.SAVE)
    await asks(world)
    await world.passes(minutes=2)
    await world.tell("validate", intentional=True, reason="firm_decision")
    await world.passes(minutes=2)
    heard = [event["text"] for event in await save.happened("attempts")]
    assert heard and "no save attempt is left" in heard[-1]
    assert "engaged_notice" in {s["id"] for s in (await save.status())["steps"] if s["state"] == "skipped"}
    await world.tell("withdraw", confirmed_by_customer=True)
    await world.passes(minutes=2)
    assert "goes on" in (await save.happened("attempts"))[-1]["text"]


async def test_a_save_that_begins_after_the_cancellation_hears_at_once_what_is_left_to_it(
    world: World,
):  # CANC-36, CANC-41
    cancellation = world.case
    await asks(world, no_sales_contact=True)
    await world.passes(minutes=2)
    await world.open()
    save = world_on(world.client, world.parts, CaseKind.SAVE)
    world.case = cancellation
    await world.passes(minutes=2)
    heard = [event["text"] for event in await save.happened("attempts")]
    assert heard and "no sales conversation" in heard[-1]
    assert "engaged_notice" in {s["id"] for s in (await save.status())["steps"] if s["state"] == "skipped"}


async def test_a_request_for_an_account_that_nobody_knows_is_refused(world: World):
    from temporalio.client import WorkflowUpdateFailedError

    payload = REQUEST | {"account_id": "acc-9999"}
    opening = WithStartWorkflowOperation(
        "Cancellation",
        payload,
        id=cancellation_id("acc-9999"),
        task_queue="cases",
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await soon(
            world.client.execute_update_with_start_workflow(
                "request_cancellation", payload, start_workflow_operation=opening
            )
        )
    assert failed.value.cause.type == "UnknownAccount"  # type: ignore[union-attr]
