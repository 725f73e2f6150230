"""The access register: reduced step by step, revoked, given back as it was, once for a key (OFFB-12..17, OFFB-48)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.access.port import AccessPort
from adapters.access.scim import ScimAccess
from adapters.crm.port import CrmPort
from models.access import AccessChange, Holder, HolderKind, InternalSystem, Level, Reach, ReduceAccess
from models.crm import AccountRecord
from models.faults import PermanentFault
from tests.scim_server import ScimDesk

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def asked(verb: str, account: str = "acc-1") -> dict[str, object]:
    return {"key": f"case-1/step/{verb}/1", "case_id": "case-1", "account_id": account, "at": AT}


@pytest.fixture
async def register(access: AccessPort, crm: CrmPort, desk: ScimDesk) -> AccessPort:
    """An account with an owner, two members of whom one only reads, and a key."""
    await crm.put_account(AccountRecord(id="acc-1", name="PT Warung Sejahtera"))
    for holder in (
        Holder(account_id="acc-1", external_id="owner", role="owner"),
        Holder(account_id="acc-1", external_id="member"),
        Holder(account_id="acc-1", external_id="reader", access=Level.READ_ONLY),
        Holder(account_id="acc-1", external_id="key-1", kind=HolderKind.KEY),
    ):
        if isinstance(access, ScimAccess) and holder.kind is HolderKind.PERSON:
            desk.enrol(holder)
        else:
            await access.put_holder(holder)
    return access


async def counts(register: AccessPort) -> tuple[int, int, int, int]:
    state = await register.read_back("acc-1")
    return state.full, state.read_only, state.revoked, state.keys


async def test_members_read_first_and_owners_last(register: AccessPort) -> None:  # AMB-23
    some = await register.reduce(ReduceAccess(**asked("reduce"), reach=Reach.NON_ADMINS))
    assert (some.changed, await counts(register)) == (1, (1, 2, 0, 1))
    everybody = ReduceAccess(**asked("reduce_all"), reach=Reach.ALL)
    assert ((await register.reduce(everybody)).changed, await counts(register)) == (2, (0, 3, 0, 1))


async def test_after_the_end_nobody_gets_in_and_no_key_works(register: AccessPort) -> None:
    await register.revoke(AccessChange(**asked("revoke")))
    assert await counts(register) == (0, 0, 3, 0)


async def test_what_was_taken_is_given_back_as_it_was(register: AccessPort) -> None:  # AMB-18
    await register.reduce(ReduceAccess(**asked("reduce"), reach=Reach.ALL))
    await register.revoke(AccessChange(**asked("revoke")))
    await register.revoke_internal(AccessChange(**asked("revoke_internal")))
    await register.restore(AccessChange(**asked("restore")))
    assert await counts(register) == (2, 1, 0, 1)
    assert (await register.read_back("acc-1")).internal == tuple(InternalSystem)


async def test_our_own_people_lose_the_five_systems(register: AccessPort) -> None:  # OFFB-48
    assert (await register.revoke_internal(AccessChange(**asked("revoke_internal")))).changed == 5
    assert (await register.read_back("acc-1")).internal == ()


@pytest.mark.parametrize("verb", ["revoke", "revoke_internal", "restore"])
async def test_the_same_key_has_one_effect_and_gives_the_first_receipt(register: AccessPort, verb: str) -> None:
    if verb == "restore":
        await register.revoke(AccessChange(**asked("before")))
    first = await getattr(register, verb)(AccessChange(**asked(verb)))
    again = await getattr(register, verb)(AccessChange(**asked(verb)))
    assert (again.id, again.changed, again.at, first.replayed, again.replayed) == (
        first.id,
        first.changed,
        first.at,
        False,
        True,
    )


async def test_a_second_reduction_gives_nothing_back(register: AccessPort) -> None:
    await register.revoke(AccessChange(**asked("revoke")))
    await register.reduce(ReduceAccess(**asked("reduce"), reach=Reach.ALL))
    assert await counts(register) == (0, 0, 3, 0)


@pytest.mark.parametrize("verb", ["reduce", "revoke", "revoke_internal", "restore"])
async def test_an_account_that_it_does_not_know_is_refused(access: AccessPort, verb: str) -> None:
    kind = ReduceAccess if verb == "reduce" else AccessChange
    more = {"reach": Reach.ALL} if verb == "reduce" else {}
    with pytest.raises(PermanentFault, match="acc-9"):
        await getattr(access, verb)(kind(**asked(verb, "acc-9"), **more))
    with pytest.raises(PermanentFault, match="acc-9"):
        await access.read_back("acc-9")
