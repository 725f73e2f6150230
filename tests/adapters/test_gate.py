"""The gate: allow-list, kill switch and hourly cap, around any mail service."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from adapters.email.gate import GateRules, OutboundGate
from adapters.email.outbox import Outbox
from adapters.email.port import EmailPort
from models.faults import Held, PermanentFault, TransientFault
from models.letter import Letter, Mailbox, OutboxState
from models.work import Receipt

CSM = Mailbox(address="mira@followthrough.example", name="Mira Tan")


def letter(to: str = "li@customer.example", subject: str = "Your export") -> Letter:
    return Letter(to=Mailbox(address=to), sender=CSM, subject=subject, text="Hello.")


class Refusing:
    """A mail service that answers every letter with a fault, and then takes it."""

    def __init__(self, fault: Exception, inner: EmailPort) -> None:
        self.fault: Exception | None = fault
        self.inner = inner

    async def send(self, letter: Letter, key: str) -> Receipt:
        if self.fault:
            raise self.fault
        return await self.inner.send(letter, key)


async def states(outbox: Outbox) -> list[str]:
    return [entry.state.value for entry in await outbox.entries()]


async def test_without_rules_everything_leaves(email: EmailPort, outbox: Outbox) -> None:
    receipt = await OutboundGate(email, outbox, GateRules()).send(letter(), "key-1")
    assert not receipt.replayed
    assert await states(outbox) == ["sent"]


@pytest.mark.parametrize("to", ["li@customer.example", "LI@Customer.Example", "anyone@followthrough.example"])
async def test_an_address_or_its_domain_on_the_list_is_let_through(email: EmailPort, outbox: Outbox, to: str) -> None:
    gate = OutboundGate(email, outbox, GateRules(allow=("li@customer.example", "@followthrough.example")))
    await gate.send(letter(to), "key-1")
    assert await states(outbox) == ["sent"]


@pytest.mark.parametrize("to", ["wu@customer.example", "x@evil-followthrough.example", "x@sub.followthrough.example"])
async def test_anyone_else_is_kept_back_and_seen(email: EmailPort, outbox: Outbox, to: str) -> None:
    gate = OutboundGate(email, outbox, GateRules(allow=("li@customer.example", "@followthrough.example")))
    with pytest.raises(Held, match="not on the allow-list"):
        await gate.send(letter(to), "key-1")
    (entry,) = await gate.outbox([OutboxState.HELD])
    assert "allow-list" in entry.note
    assert to not in entry.note


async def test_an_empty_list_lets_nobody_through(email: EmailPort, outbox: Outbox) -> None:
    with pytest.raises(Held):
        await OutboundGate(email, outbox, GateRules(allow=())).send(letter(), "key-1")


async def test_the_kill_switch_keeps_everything_back_until_it_is_turned(
    email: EmailPort, outbox: Outbox, clock: Any
) -> None:
    gate = OutboundGate(email, outbox, GateRules())
    await gate.pause("p-ops", "wrong template went out")
    with pytest.raises(Held, match="paused") as held:
        await gate.send(letter(), "key-1")
    assert held.value.until == clock.at + timedelta(minutes=15)
    switch = await outbox.switch()
    assert (switch.paused, switch.by, switch.reason, switch.at) == (True, "p-ops", "wrong template went out", clock.at)

    await gate.resume("p-ops")
    await gate.send(letter(), "key-1")
    assert await states(outbox) == ["sent"]  # the held row became the sent one


async def test_the_switch_holds_for_another_process_too(email: EmailPort, outbox: Outbox) -> None:
    await OutboundGate(email, outbox, GateRules()).pause("p-ops", "drill")
    with pytest.raises(Held):
        await OutboundGate(email, Outbox(outbox.database, outbox.now), GateRules()).send(letter(), "key-1")


async def test_a_letter_that_left_gives_its_receipt_even_while_paused(email: EmailPort, outbox: Outbox) -> None:
    gate = OutboundGate(email, outbox, GateRules())
    first = await gate.send(letter(), "key-1")
    await gate.pause("p-ops", "drill")
    again = await gate.send(letter(subject="Another subject"), "key-1")
    assert again == first.model_copy(update={"replayed": True})
    assert [entry.letter.subject for entry in await gate.outbox()] == ["Your export"]


async def test_the_cap_counts_any_sixty_minutes(email: EmailPort, outbox: Outbox, clock: Any) -> None:
    gate = OutboundGate(email, outbox, GateRules(per_hour=2))
    first_at = clock.at
    await gate.send(letter(), "key-1")
    clock.at += timedelta(minutes=40)
    await gate.send(letter(), "key-2")
    with pytest.raises(Held, match="2 letters left within the hour") as held:
        await gate.send(letter(), "key-3")
    assert held.value.until == first_at + timedelta(hours=1)

    clock.at = held.value.until
    await gate.send(letter(), "key-3")
    with pytest.raises(Held):
        await gate.send(letter(), "key-4")


async def test_a_letter_of_the_same_key_does_not_use_up_the_cap(email: EmailPort, outbox: Outbox) -> None:
    gate = OutboundGate(email, outbox, GateRules(per_hour=2))
    for _ in range(3):
        await gate.send(letter(), "key-1")
    await gate.send(letter(), "key-2")
    assert await states(outbox) == ["sent", "sent"]


async def test_many_letters_at_once_do_not_slip_past_the_cap(email: EmailPort, outbox: Outbox) -> None:
    gate = OutboundGate(email, outbox, GateRules(per_hour=3))
    sends = (gate.send(letter(), f"key-{n}") for n in range(9))
    results = await asyncio.gather(*sends, return_exceptions=True)
    assert sum(isinstance(result, Receipt) for result in results) == 3
    assert sorted(await states(outbox)) == ["held"] * 6 + ["sent"] * 3


async def test_a_final_refusal_of_the_service_is_seen_in_the_outbox(email: EmailPort, outbox: Outbox) -> None:
    refusing = Refusing(PermanentFault("MailRefused", "the mailbox does not exist; correct the address"), email)
    gate = OutboundGate(refusing, outbox, GateRules())
    with pytest.raises(PermanentFault):
        await gate.send(letter(), "key-1")
    (entry,) = await outbox.entries()
    assert (entry.state, entry.note) == (OutboxState.FAILED, "the mailbox does not exist; correct the address")

    refusing.fault = None
    await gate.send(letter(), "key-1")
    assert await states(outbox) == ["sent"]


async def test_a_service_that_is_away_leaves_the_intent_in_the_outbox(email: EmailPort, outbox: Outbox) -> None:
    gate = OutboundGate(Refusing(TransientFault("no answer"), email), outbox, GateRules())
    with pytest.raises(TransientFault):
        await gate.send(letter(), "key-1")
    assert await states(outbox) == ["queued"]


async def test_a_letter_on_its_way_keeps_its_place_under_the_cap(email: EmailPort, outbox: Outbox) -> None:
    service = Refusing(TransientFault("no answer"), email)
    gate = OutboundGate(service, outbox, GateRules(per_hour=1))
    with pytest.raises(TransientFault):
        await gate.send(letter(), "key-1")
    with pytest.raises(Held):
        await gate.send(letter(), "key-2")
    service.fault = None
    assert not (await gate.send(letter(), "key-1")).replayed


async def test_letters_can_be_listed_by_case(email: EmailPort, outbox: Outbox) -> None:
    for case in ("case-1", "case-2"):
        await email.send(letter().model_copy(update={"case_id": case}), f"{case}/send")
    assert [entry.key for entry in await outbox.entries(cases=["case-2"])] == ["case-2/send"]
