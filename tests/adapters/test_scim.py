"""Access by SCIM: each way to say that somebody may only read, given back exactly, proved; what a no or silence means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from adapters.access.embedded import ADMINS
from adapters.access.scim import ScimAccess
from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.erasure.stores import Tables
from models.access import AccessChange, Holder, HolderKind, Level, Reach, ReduceAccess
from models.crm import AccountRecord
from models.erasing import EraseData
from models.faults import PermanentFault, TransientFault
from models.scim import Grant, ReadingGrant
from models.tables import ScimHeldRow
from tests.adapters.conftest import WallClock
from tests.adapters.test_access import AT, asked
from tests.scim_server import TOKEN, ScimDesk
from tests.wsgi import Answer, says

Opened = Callable[..., ScimAccess]
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
REDUCE_ALL = ReduceAccess(**asked("reduce"), reach=Reach.ALL)
REVOKE, RESTORE = AccessChange(**asked("revoke")), AccessChange(**asked("restore"))


@pytest.fixture(params=["sqlite"])
def address(migrated_file: Any, tmp_path: Any) -> str:
    """What is particular to SCIM does not depend on the kind of database."""
    path = tmp_path / "followthrough.db"
    path.write_bytes(migrated_file.read_bytes())
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def opened(database: Database, crm: CrmPort, clock: WallClock, desk: ScimDesk) -> Opened:
    """The adapter for an account that the CRM knows; what is given differs from the settings of the service."""
    await crm.put_account(AccountRecord(id="acc-1", name="PT Warung Sejahtera"))
    return lambda **more: ScimAccess(desk.at(**more), ADMINS, database, clock)


def enrolled(desk: ScimDesk, *names: str, **more: Any) -> None:
    for name in names:
        role = name if name in ADMINS else "member"
        desk.enrol(Holder(account_id="acc-1", external_id=name, role=role), **more)


def writes(desk: ScimDesk) -> list[str]:
    return [path for method, path, _ in desk.asked if method != "GET"]


@pytest.mark.parametrize("kind", list(Grant))
async def test_whatever_says_that_somebody_may_only_read_all_is_given_back_exactly(
    opened: Opened, desk: ScimDesk, kind: Grant
) -> None:  # AMB-18
    if kind is Grant.GROUPS:
        desk.found_group()
    else:
        desk.reading = ReadingGrant(kind=kind, value="read-only")
    enrolled(desk, "owner", "member")
    desk.enrol(Holder(account_id="acc-1", external_id="reader", access=Level.READ_ONLY))
    desk.enrol(Holder(account_id="acc-1", external_id="gone", access=Level.NONE))
    desk.enrol(Holder(account_id="acc-2", external_id="other"))
    before, members = desk.users(), desk.members() if kind is Grant.GROUPS else []
    access = opened()
    await access.reduce(ReduceAccess(**asked("reduce_some"), reach=Reach.NON_ADMINS))
    state = await access.read_back("acc-1")
    assert (state.full, state.read_only, state.revoked) == (1, 2, 1)
    await access.reduce(REDUCE_ALL)
    assert (await access.revoke(REVOKE)).changed == 3
    assert [name for name, user in desk.users().items() if user["active"]] == ["acc-2.other"]
    await access.restore(RESTORE)
    assert desk.users() == before
    assert (desk.members() if kind is Grant.GROUPS else []) == members


async def test_a_crash_in_the_middle_forgets_nobody_and_the_receipt_counts_everybody(
    opened: Opened, desk: ScimDesk
) -> None:
    enrolled(desk, "owner", "a", "b", "c", "d", "e")
    before = desk.users()
    desk.instead.extend([None, None, None, says("500 Broken"), None, says("500 Broken")])
    with pytest.raises(TransientFault, match="answer 500"):
        await opened().revoke(REVOKE)
    assert 0 < [user["active"] for user in desk.users().values()].count(True) < 6
    assert (await opened().revoke(REVOKE)).changed == 6
    desk.instead.extend([None, None, says("503 Away")])
    with pytest.raises(TransientFault, match="answer 503"):
        await opened().restore(RESTORE)
    assert (await opened().restore(RESTORE)).changed == 6
    assert desk.users() == before


async def test_keys_and_our_own_systems_stay_in_the_register(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "member")
    access = opened()
    await access.put_holder(Holder(account_id="acc-1", external_id="key-1", kind=HolderKind.KEY))
    assert (await access.revoke(REVOKE)).changed == 2
    assert (await access.read_back("acc-1")).live == 0
    desk.asked.clear()
    await access.revoke_internal(AccessChange(**asked("revoke_internal")))
    assert desk.asked == []
    assert (await access.read_back("acc-1")).internal == ()


async def test_people_are_added_to_the_service_and_not_through_us(opened: Opened, desk: ScimDesk) -> None:
    with pytest.raises(PermanentFault, match="kept by the SCIM service"):
        await opened().put_holder(Holder(account_id="acc-1", external_id="u-1"))
    assert desk.asked == []


async def test_the_same_change_twice_at_once_is_made_once(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "owner", "a", "b")
    receipts = await asyncio.gather(*(opened().revoke(REVOKE) for _ in range(4)))
    assert {(receipt.id, receipt.changed) for receipt in receipts} == {(receipts[0].id, 3)}
    desk.asked.clear()
    assert (await opened().revoke(REVOKE)).replayed
    assert desk.asked == []


async def test_more_users_than_fit_on_a_page_are_all_reached(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, *(f"u{number}" for number in range(104)))
    assert (await opened().revoke(REVOKE)).changed == 104
    assert (await opened().read_back("acc-1")).live == 0


# what must not look like proof
async def test_an_account_of_which_the_service_has_nobody_is_unknown_and_not_closed(opened: Opened) -> None:
    for asking in (opened().revoke(REVOKE), opened().read_back("acc-1")):
        with pytest.raises(
            PermanentFault, match=r"the SCIM service 127\.0\.0\.1:\d+ knows no account 'acc-1'"
        ) as fault:
            await asking
        assert fault.value.kind == "UnknownAccount"


async def test_an_account_whose_users_were_deleted_after_us_is_closed(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "owner", "member")
    await opened().revoke(REVOKE)
    for user in desk.users().values():
        desk.ask("DELETE", f"Users/{user['id']}")
    assert (await opened().read_back("acc-1")).live == 0
    await opened().restore(RESTORE)
    assert desk.users() == {}


async def test_a_service_that_does_not_filter_loses_nobody_of_another_account(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "member")
    desk.enrol(Holder(account_id="acc-2", external_id="other"))
    desk.blind = True
    with pytest.raises(PermanentFault, match="FOLLOWTHROUGH_SCIM_ACCOUNT must be an attribute that it filters by"):
        await opened().revoke(REVOKE)
    assert [user["active"] for user in desk.users().values()] == [True, True]


async def test_a_service_that_says_yes_and_does_nothing_is_no_receipt(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "member")
    desk.instead.extend([None, says("204 Done")])
    with pytest.raises(TransientFault, match="still shows people with more access than was asked for"):
        await opened().revoke(REVOKE)
    assert (await opened().revoke(REVOKE)).changed == 1


EMPTY_PAGE = says("200 OK", b'{"totalResults": 104, "Resources": []}')
NOBODY = says("200 OK", b'{"totalResults": 0}')


async def test_part_of_a_list_is_no_proof(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, *(f"u{number}" for number in range(104)))
    desk.instead.extend([None, EMPTY_PAGE])
    with pytest.raises(TransientFault, match="shows 100 users of an account and counts 104"):
        await opened().revoke(REVOKE)
    assert all(user["active"] for user in desk.users().values())
    assert (await opened().revoke(REVOKE)).changed == 104


async def test_a_list_without_somebody_who_is_there_gives_nothing_back_and_forgets_nobody(
    opened: Opened, desk: ScimDesk
) -> None:
    enrolled(desk, "owner", "member")
    await opened().revoke(REVOKE)
    desk.instead.append(NOBODY)
    with pytest.raises(TransientFault, match="has a user whom it does not list"):
        await opened().restore(RESTORE)
    assert (await opened().restore(RESTORE)).changed == 2
    assert all(user["active"] for user in desk.users().values())


async def test_what_an_older_case_took_is_not_given_back_by_a_later_one(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "owner", "member")
    await opened().revoke(REVOKE)
    owner, member = desk.users()["acc-1.owner"], desk.users()["acc-1.member"]
    active = {"op": "replace", "path": "active", "value": True}
    desk.ask("PATCH", f"Users/{owner['id']}", {"schemas": [PATCH], "Operations": [active]})
    later = {"case_id": "case-2", "reach": Reach.ALL}
    await opened().reduce(ReduceAccess(**asked("reduce-2") | later))
    await opened().restore(AccessChange(**asked("restore-2") | {"case_id": "case-2"}))
    assert (desk.users()["acc-1.owner"]["active"], desk.users()["acc-1.member"]["active"]) == (True, False)
    assert desk.users()["acc-1.owner"]["roles"] == owner["roles"]
    assert desk.users()["acc-1.member"]["id"] == member["id"]


# faults
@pytest.mark.parametrize(
    ("answer", "fault", "sentence"),
    [
        (
            says("401 No", b"token of Sri Wahyuni"),
            PermanentFault,
            "does not take the token; set FOLLOWTHROUGH_SCIM_TOKEN",
        ),
        (says("403 No", b"Sri Wahyuni"), PermanentFault, "the token is not allowed to"),
        (says("404 No"), PermanentFault, "there is no such page; check FOLLOWTHROUGH_SCIM_URL"),
        (says("301 There", Location="https://evil.example/"), PermanentFault, "it points elsewhere"),
        (says("400 No", b"Sri Wahyuni"), PermanentFault, "check FOLLOWTHROUGH_SCIM_ACCOUNT and"),
        (says("429 Busy", Retry_After="3600"), TransientFault, "asks to slow down"),
        (says("500 Broken", b"Sri Wahyuni"), TransientFault, r"puts it off \(answer 500\)"),
        (says("200 OK", b'{"totalResults": 3, "Resour'), TransientFault, "no whole answer in SCIM"),
        (says("200 OK", b"<html>log in, please</html>"), TransientFault, "no whole answer in SCIM"),
        (says("200 OK", b'{"totalResults": "many"}'), TransientFault, "no whole answer in SCIM"),
        (says("200 OK", b"short", Content_Length="500"), TransientFault, "could not be reached or hung up"),
    ],
)
async def test_a_no_is_told_by_what_is_to_be_done(
    opened: Opened, desk: ScimDesk, answer: Answer, fault: type[Exception], sentence: str
) -> None:
    enrolled(desk, "member")
    desk.instead.append(answer)
    with pytest.raises(fault, match=sentence) as told:
        await opened().revoke(REVOKE)
    assert str(told.value).count("\n") == 0
    assert not [secret for secret in (TOKEN, "Wahyuni") if secret in f"{told.value!r} {told.value.__cause__!r}"]
    assert (await opened().revoke(REVOKE)).changed == 1


async def test_a_short_wait_that_the_service_asks_for_is_kept(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "member")
    desk.instead.append(says("429 Busy", Retry_After="1"))
    begun = time.monotonic()
    assert (await opened().revoke(REVOKE)).changed == 1
    assert time.monotonic() - begun >= 1


async def test_silence_and_a_closed_door_are_tried_again(opened: Opened, desk: ScimDesk) -> None:
    desk.instead.append(lambda environ, begin: time.sleep(1.5) or says("500 Late")(environ, begin))  # type: ignore[func-returns-value]
    with pytest.raises(TransientFault, match="did not answer in time"):
        await opened(timeout=1).revoke(REVOKE)
    with pytest.raises(TransientFault, match="could not be reached or hung up"):
        await opened(url="http://127.0.0.1:1/v2").revoke(REVOKE)


# doctor
async def test_a_service_that_fits_is_ready_and_nothing_of_it_changes(opened: Opened, desk: ScimDesk) -> None:
    assert await opened().check() == ""
    desk.found_group()
    desk.asked.clear()
    assert await opened().check() == ""
    assert writes(desk) == []


async def test_the_doctor_says_what_does_not_fit(opened: Opened, desk: ScimDesk) -> None:
    assert "set FOLLOWTHROUGH_SCIM_TOKEN" in await opened(token="another").check()
    lost = ReadingGrant(kind=Grant.GROUPS, value="not-there")
    assert "there is no such page" in await opened(reading=lost).check()
    desk.instead.append(says("200 OK", b'{"patch": {"supported": false}, "filter": {"supported": true}}'))
    assert "it has to know filters and PATCH" in await opened().check()


async def test_what_is_remembered_of_users_is_deleted_with_the_customer(
    opened: Opened, desk: ScimDesk, database: Database
) -> None:  # OFFB-25
    enrolled(desk, "owner", "member")
    await opened().revoke(REVOKE)
    store = Tables(database, "crm", "people with access", (ScimHeldRow,))
    request = EraseData(key="k", case_id="case-1", account_id="acc-1", at=AT)
    assert (await store.erase(request)).rows == 2
    assert await store.remains(request) == 0
