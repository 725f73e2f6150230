"""What happens to an account in a storm: a save, an offer that is accepted, and a customer who leaves for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from adapters.letters.catalogue import load_catalogue
from adapters.temporal.skipping import virtual_now
from cli.leavers import Leavers
from cli.play import Stage
from cli.players import Manner, Story
from models.status import Status
from parts import open_parts
from tests.chaos.storm import Storm
from tests.company import ANSWERS, NOTICE, SPOKE
from workflows.contract import cancellation_id, retention_id, save_id

ROUNDS = 6
BRIDGE = {"offer": "bridge_discount", "pct": 20, "lasts": "P1M", "tied_to": "reference"}
WORDS = {"customer_quotes": ["it came a year too late"]}
_SITTING = timedelta(hours=18)


async def a_save(storm: Storm, account: str) -> None:
    """A save that is lost after five days."""
    case, csm = save_id(account), await storm.person(account, "csm")
    await _opened(storm, account, csm, "missing_feature", "product_technical")
    await storm.tell(case, "complete_step", {"step_id": "ack_call", "by": csm, "evidence": SPOKE})
    await storm.passes(case, hours=2)
    await storm.tell(case, "record_root_cause", {"root_cause": "missing_feature", "whys": ["no export"], "by": csm})
    await storm.tell(case, "release_message", {"message_id": "engaged_notice-1", "by": csm, "edits": NOTICE})
    for _ in range(ROUNDS):
        await storm.passes(case, hours=20)
    await storm.tell(case, "close", {"outcome": "lost", "notes": "they went elsewhere", "by": csm, **WORDS})
    await storm.ends(case)


async def an_offer(storm: Storm, account: str) -> None:
    """A discount of a month is proposed, approved, accepted, applied, and over on its day."""
    case, csm, manager = save_id(account), await storm.person(account, "csm"), await storm.person(account, "cs_manager")
    await _opened(storm, account, csm, "missing_feature", "budget_economic")
    await storm.tell(case, "complete_step", {"step_id": "contact_call", "by": csm, "evidence": SPOKE})
    await storm.tell(case, "record_root_cause", {"root_cause": "budget_cut", "whys": ["a hiring freeze"], "by": csm})
    for step in ("inv_whys", "inv_budget_cycle"):  # PLAY-3
        await storm.tell(case, "complete_step", {"step_id": step, "by": csm, "evidence": ANSWERS[step]})
    await storm.tell(case, "propose_offer", BRIDGE | {"by": csm})
    await storm.tell(case, "decide_approval", {"approval_id": "approval_1", "decision": "approved", "by": manager})
    taken = {"offer_id": "offer_1", "answer": "accepted", "evidence": "email 4711: they take it", "by": csm}
    await storm.tell(case, "answer_offer", taken)
    for _ in range(4):
        await storm.passes(case, days=8)
    await storm.tell(case, "close", {"outcome": "lost", "notes": "they went elsewhere", "by": csm, **WORDS})
    await storm.ends(case)


async def a_leaving(storm: Storm, account: str) -> None:
    """A customer leaves: from the request to the closure letter, and nothing is owed any more."""
    await _requested(storm, account)
    final = await _worked(storm, account, cancellation_id(account), days=60)
    assert (final.outcome, final.leaving and final.leaving.policy) == ("left", "default"), final.stage


async def a_leaving_for_good(storm: Storm, account: str) -> None:
    """A customer leaves, and what is kept of them is deleted, certified, and gone from the backups."""
    await a_leaving(storm, account)
    final = await _worked(storm, account, retention_id(account), days=500)
    assert final.outcome == "deleted", final.stage


async def _opened(storm: Storm, account: str, csm: str, reason: str, playbook: str) -> None:
    start = {"account_id": account, "opened_by": csm, "reason": reason, "playbook": playbook}
    case = save_id(account)
    await storm.surely(lambda c: c.start_workflow("SaveAttempt", start, id=case, task_queue="cases"), started=True)


async def _requested(storm: Storm, account: str) -> None:
    asked = {"account_id": account, "channel": "email", "requested_by": f"con-{account}", "request_id": "mail-1"}

    async def ask(client: Client) -> Any:
        opening: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            "Cancellation",
            asked,
            id=cancellation_id(account),
            task_queue="cases",
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        return await client.execute_update_with_start_workflow(
            "request_cancellation", asked, start_workflow_operation=opening, id="mail-1"
        )

    await storm.surely(ask)


async def _worked(storm: Storm, account: str, case: str, *, days: float) -> Status:
    """The people of a case work it to its end, however often the worker is lost."""
    async with open_parts(storm.settings) as parts:
        team = (await parts.crm.account_file(account)).team
        plans = {name: await parts.playbooks.load(name) for name in ("cancellation", "standard", "retention")}
    patient: Any = Patient(storm, case)
    stage = Stage(
        handle=patient,
        clock=patient,
        people=Leavers(Story(manner=Manner.DILIGENT, seed=7)),
        team=team,
        catalogue=load_catalogue(storm.settings.playbooks / "messages"),
        plans=plans.__getitem__,
        sitting=_SITTING,
    )
    await stage.play(await patient.now() + timedelta(days=days))
    assert not stage.refusals, stage.refusals
    return Status.model_validate(await storm.ends(case))


@dataclass(frozen=True)
class Patient:
    """A case and its clock, asked until it answers."""

    storm: Storm
    case: str

    async def query(self, name: str, *, result_type: type[Status]) -> Status:
        """What the case says of itself."""
        found: Status = await self.storm.surely(
            lambda c: c.get_workflow_handle(self.case).query(name, result_type=result_type)
        )
        return found

    async def execute_update(self, command: str, payload: dict[str, Any]) -> None:
        """Give a command, once."""
        await self.storm.tell(self.case, command, payload)

    async def now(self) -> datetime:
        """The case's own time (UTC)."""
        at: datetime = await self.storm.surely(lambda c: virtual_now(c, self.case))
        return at.astimezone(UTC)

    async def move_to(self, at: datetime) -> None:
        """A minute past ``at``."""
        gap = at + timedelta(minutes=1) - await self.now()
        if gap > timedelta():
            await self.storm.passes(self.case, seconds=gap.total_seconds())
