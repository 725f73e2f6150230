"""What follows a cancellation on a real Temporal: data deleted, proved and confirmed; a former customer left in peace."""

from __future__ import annotations

from typing import Any

from models.case import CaseKind
from models.closing import CloseAccount
from models.erasing import EraseData
from tests.company import ACCOUNT, MANAGER
from tests.world import World, soon
from workflows.contract import retention_id, workflow_id

LOOKED = "CS-88: looked into each store, and found nothing of them"
PERSONAL = "Thank you for the four hundred exports that you showed me in March, Tuesday was an eye-opener."


async def follows(world: World, kind: CaseKind, **start: Any) -> None:
    """The account was closed; what follows begins."""
    closed = await world.clock()
    left = {"case_id": "can-1", "account_id": ACCOUNT, "at": closed, "closed_on": closed.date()}
    await world.parts.crm.close_account(CloseAccount(key=f"can-1/{ACCOUNT}/close_account", **left))
    asked = {"account_id": ACCOUNT, "cancellation_case_id": "can-1", "closed_at": closed.isoformat()} | start
    types = {CaseKind.RETENTION: "DataRetention", CaseKind.WIN_BACK: "WinBack"}
    world.case = await soon(
        world.client.start_workflow(types[kind], asked, id=workflow_id(kind, ACCOUNT), task_queue="cases")
    )
    await world.passes(minutes=2)


async def drafted(world: World, step: str) -> str:
    """The id of the draft of a step."""
    found = (m["id"] for m in (await world.status())["messages"] if m["step"] == step and m["state"] == "drafted")
    return next(found)


async def test_the_data_of_who_left_is_deleted_proved_and_confirmed(world: World):  # OFFB-24..26
    await follows(world, CaseKind.RETENTION, proof_wanted=True)
    contacts = await world.parts.crm.contacts(ACCOUNT)
    assert contacts
    await world.tell("erase_now", by=MANAGER, verified_how="called back on the number of the contract")
    await world.passes(minutes=5)
    erased = (await world.step("erase_data"))["evidence"]["items"]
    assert {item["content"] for item in erased} == {store.name for store in world.parts.stores}
    account = await world.parts.crm.account(ACCOUNT)
    assert [contact.id for contact in await world.parts.crm.contacts(ACCOUNT)] == [account.contact_id]
    assert (await world.refused("erase_now", by=MANAGER, verified_how="again")).type == "AlreadyDecided"
    manager = (await world.step("verify_deletion"))["person"]
    await world.tell("complete_step", step_id="verify_deletion", by=manager, evidence=LOOKED)
    await world.passes(minutes=5)
    number = (await world.step("certificate"))["evidence"]["text"].removeprefix("receipt ")
    assert (await world.parts.certificates.find(number)).read_bytes().startswith(b"%PDF")
    message = await drafted(world, "deletion_confirmation")
    await world.tell("release_message", message_id=message, edits={"personal_word": PERSONAL})
    await world.passes(minutes=5)
    assert (await world.step("erase_rest"))["state"] == "done"
    assert await world.parts.crm.contacts(ACCOUNT) == ()
    asked = EraseData(key="look", case_id=(await world.status())["case_id"], account_id=ACCOUNT, at=await world.clock())
    assert {store.name: await store.remains(asked) for store in world.parts.stores if await store.remains(asked)} == {}
    assert (await world.status())["stage"] == "deleted"


async def test_a_customer_who_is_back_unsaid_keeps_their_data_and_is_heard_of_by_their_next_cancellation(
    world: World,
):  # OFFB-24, AMB-26
    await follows(world, CaseKind.RETENTION)
    await follows(world, CaseKind.WIN_BACK, reason="missing_feature")
    retention = world.client.get_workflow_handle(retention_id(ACCOUNT))
    account = await world.parts.crm.account(ACCOUNT)
    await world.parts.crm.put_account(account.model_copy(update={"churned_on": None}))
    contacts = await world.parts.crm.contacts(ACCOUNT)
    world.case = retention
    await world.tell("erase_now", by=MANAGER, verified_how="called back on the number of the contract")
    await world.passes(minutes=5)
    assert (await world.step("erase_data"))["state"] == "open"
    assert await world.parts.crm.contacts(ACCOUNT) == contacts
    await soon(
        world.client.start_workflow(
            "SaveAttempt",
            {"account_id": ACCOUNT, "opened_by": MANAGER, "reason": "missing_feature"},
            id=workflow_id(CaseKind.SAVE, ACCOUNT),
            task_queue="cases",
        )
    )
    await world.passes(minutes=2)
    for kind in (CaseKind.RETENTION, CaseKind.WIN_BACK):
        world.case = world.client.get_workflow_handle(workflow_id(kind, ACCOUNT))
        assert (await world.ends())["outcome"] == "returned"
    assert await world.parts.crm.contacts(ACCOUNT) == contacts


async def test_a_letter_to_who_left_goes_out_once_a_year_and_a_return_ends_both(world: World):  # OFFB-54
    await follows(world, CaseKind.RETENTION)
    await follows(world, CaseKind.WIN_BACK, reason="missing_feature")
    assert (await world.refused("contact", reason="bulk import")).type == "EvidenceMissing"
    await world.tell("record_trigger", kind="we_fixed_it", detail="bulk import is out since May")
    await world.tell("contact", reason="the bulk import that they named")
    await world.passes(minutes=5)
    message = await drafted(world, "contact_1")
    change = "since 3 May, you can import 10,000 rows at once"
    await world.tell("release_message", message_id=message, edits={"personal_word": PERSONAL, "change": change})
    await world.passes(minutes=5)
    assert [change in mail.letter.text for mail in await world.mails("release_message")] == [True]
    await world.tell("record_trigger", kind="growth_phase", detail="they opened two plants")
    assert (await world.refused("contact", reason="two plants")).type == "AttemptLimit"
    await world.tell("customer_returned", detail="signed again")
    assert (await world.ends())["outcome"] == "returned"
    world.case = world.client.get_workflow_handle(retention_id(ACCOUNT))
    assert (await world.ends())["outcome"] == "returned"


async def test_the_other_cases_hear_of_the_deletion_and_a_return_ends_what_would_delete_more(world: World):  # OFFB-25
    await follows(world, CaseKind.WIN_BACK, reason="missing_feature")
    win_back = world.case
    await world.tell("record_trigger", kind="we_fixed_it", detail="bulk import is out since May")
    await world.tell("contact", reason="the bulk import that they named")
    await follows(world, CaseKind.RETENTION, policy="none_of_ours")
    assert (await world.step("choose_policy_1"))["state"] == "open"
    await world.tell("choose_policy", policy="default", reason="it replaced the former one", by=MANAGER)
    await world.tell("erase_now", by=MANAGER, verified_how="called back on the number of the contract")
    await world.passes(minutes=5)
    assert (await world.step("erase_data"))["state"] == "done"
    retention, world.case = world.case, win_back
    await world.passes(minutes=2)
    assert (await world.step("contact_1"))["state"] == "skipped"
    await world.tell("contact", reason="the bulk import that they named")
    assert "address was erased" in (await world.step("contact_2"))["title"]
    world.case = retention
    await world.tell("customer_returned", detail="signed again")
    assert (await world.step("erase_rest"))["state"] == "skipped"
    again = {"account_id": ACCOUNT, "cancellation_case_id": "can-2", "closed_at": (await world.clock()).isoformat()}
    manager = (await world.step("verify_deletion"))["person"]
    await world.tell("complete_step", step_id="verify_deletion", by=manager, evidence=LOOKED)
    await world.passes(minutes=5)
    await world.signal("account_closed", again)
    await world.passes(minutes=2)
    assert [(await world.step(name))["state"] for name in ("erase_data", "purge_backups_1")] == ["waiting", "waiting"]


async def test_who_wanted_to_hear_of_a_fix_is_told_once_a_person_releases_the_letter(world: World):  # OFFB-37
    await follows(world, CaseKind.WIN_BACK, reason="missing_feature")
    fixed = {"named": "The nightly import stops at 10,000 rows.", "since": f"{await world.clock():%Y-%m-%d}"}
    assert (await world.refused("tell_fixed", **fixed)).type == "ConsentMissing"
    await world.tell("set_opt_in", may_tell=True, words="do write to us when it is out")
    await world.tell("tell_fixed", **fixed)
    await world.passes(minutes=5)
    assert await world.mails("release_message") == []
    edits = {"personal_word": PERSONAL, "fixed": "The limit is gone; 40,000 rows went through."}
    await world.tell("release_message", message_id=await drafted(world, "contact_1"), edits=edits)
    await world.passes(minutes=5)
    (mail,) = await world.mails("release_message")
    assert fixed["named"] in mail.letter.text
    assert f"{(await world.clock()).year}" in mail.letter.text
    assert "outreach_sent" in {event["kind"] for event in (await world.status())["timeline"]}
