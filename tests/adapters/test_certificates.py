"""Certificates of deletion: in the customer's language, with names, what is kept and why, and the date of the backups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.directory.port import DirectoryPort
from adapters.erasure.certificates import Certificates, told
from adapters.invoices.embedded import Party
from adapters.letters.templates import Templates
from models.case import RefusalType
from models.crm import AccountRecord
from models.directory import DirectoryPerson
from models.erasing import IssueCertificate
from models.faults import PermanentFault
from models.retention import Erased, ErasureMethod

MESSAGES = Path("playbooks/messages")
US = Party(
    name="Northwind Care", known_by="care@northwind-saas.example", address="Level 3, Menara Timur; 50450 Kuala Lumpur"
)
STORES = (
    Erased(store="product", what="everything", rows=12_345),
    Erased(store="crm", what="contacts", rows=4, kept="address"),
    Erased(store="book", what="texts", rows=8, method=ErasureMethod.TEXTS_REMOVED, kept="case_records"),
    Erased(store="mail", what="", rows=0, method=ErasureMethod.BY_HAND, by="usr-12", note="SQL-77: a count gives 0"),
    Erased(store="lake", what="events of a store of our own", rows=2, kept="totals by month, without names"),
    Erased(store="billing", what="invoices", rows=0, method=ErasureMethod.KEPT, kept="tax_law"),
)


def asked(locale: str = "en", **more: Any) -> IssueCertificate:
    return IssueCertificate(
        key="ret-1/certificate/issue_certificate/1",
        case_id="ret-1",
        account_id="acc-0003",
        at=datetime(2027, 3, 9, 2, 0, tzinfo=UTC),
        deleted_at=datetime(2027, 3, 7, 17, 0, tzinfo=UTC),
        stores=more.pop("stores", STORES),
        verified_by="usr-07",
        backups_until=date(2027, 12, 7),
        locale=locale,
        time_zone="Asia/Kuala_Lumpur",
        **more,
    )


def said(locale: str) -> Mapping[str, Any]:
    return told("cert-1", asked(locale), Templates(MESSAGES), "Kopi Puncak Group", US)


class Crm:
    """What the CRM still has of who left; nobody but them."""

    async def account(self, account_id: str) -> AccountRecord:
        if account_id != "acc-0003":
            raise PermanentFault(RefusalType.UNKNOWN_ACCOUNT, f"no account {account_id}")
        return AccountRecord(id=account_id, name="Kopi Puncak Group")


def office(folder: Path, directory: DirectoryPort) -> Certificates:
    return Certificates(folder, MESSAGES, directory, Crm(), US)  # type: ignore[arg-type]


def test_it_says_what_where_when_how_who_verified_and_what_is_kept_and_why():  # OFFB-26, CONVENTIONS 2
    one = said("en")
    assert "of Kopi Puncak Group (account acc-0003) was deleted on Monday, March 8, 2027" in one["about"]
    assert one["rows"][0] == ["Product", "everything that the customer made in the product", "deleted", "12,345"]
    assert one["rows"][2][2] == "texts removed"
    assert "December 7, 2027" in one["backups"]
    assert one["kept"][0] == (
        "Customer records: the name, address and tax number of the company and the dates of the contract, for the accounts; "
        "the address for the "
        "confirmation, until it is sent"
    )
    assert [line.split(":")[0] for line in one["kept"]] == ["Customer records", "Case records", "lake", "Billing"]


@pytest.mark.parametrize("locale", ["en", "ms-MY", "id"])
def test_it_names_the_customer_and_who_issues_it_with_the_address(locale: str):  # OFFB-26
    one = said(locale)
    assert "Kopi Puncak Group" in one["about"]
    assert "acc-0003" in one["about"]
    assert one["issuer"] == (
        "Northwind Care",
        "Level 3, Menara Timur",
        "50450 Kuala Lumpur",
        "care@northwind-saas.example",
    )


async def test_a_customer_whom_the_crm_no_longer_knows_is_named_by_the_id(directory: DirectoryPort, tmp_path: Path):
    issued = office(tmp_path, directory)
    assert [await issued._customer(account) for account in ("acc-0003", "acc-0009")] == [
        "Kopi Puncak Group",
        "acc-0009",
    ]


def test_what_a_person_attests_is_told_as_that_and_not_as_a_count():  # OFFB-26
    row = said("en")["rows"][3]
    assert row == [
        "Mail",
        "letters, drafts, and what came in about leaving. SQL-77: a count gives 0 (attested by usr-12)",
        "by hand",
        "",
    ]


def test_a_store_that_the_words_do_not_know_speaks_for_itself():
    assert said("ms")["rows"][4][:2] == ["lake", "events of a store of our own"]


@pytest.mark.parametrize(
    ("locale", "title", "how", "count", "day"),
    [
        ("ms-MY", "Sijil pemadaman", "dipadamkan", "12,345", "Isnin, 8 Mac 2027"),
        ("id", "Sertifikat penghapusan", "dihapus", "12.345", "Senin, 8 Maret 2027"),
        ("fr", "Certificate of deletion", "deleted", "12,345", "Monday, March 8, 2027"),
    ],
)
def test_it_is_written_in_the_language_of_the_account(locale: str, title: str, how: str, count: str, day: str):
    one = said(locale)
    assert (one["title"], one["rows"][0][2], one["rows"][0][3]) == (title, how, count)
    assert day in one["about"]


@pytest.mark.parametrize("locale", ["ms", "id"])
def test_no_english_word_is_left_in_another_language(locale: str):
    ours = tuple(store for store in STORES if store.store not in ("lake", "mail"))
    templates = Templates(MESSAGES)
    other, english = (
        told("c", asked(each, stores=ours), templates, "Kopi Puncak Group", US) for each in (locale, "en")
    )
    for name in ("title", "number", "about", "verified", "kept_title", "backups", "head", "kept"):
        assert other[name] != english[name], name
    assert all(mine[1:3] != theirs[1:3] for mine, theirs in zip(other["rows"], english["rows"], strict=True))  # type: ignore[call-overload]


async def test_it_is_a_pdf_that_stays_the_first_one_for_its_key(directory: DirectoryPort, tmp_path: Path) -> None:
    for person, title in (("usr-07", "Head of Customer Success"), ("usr-12", "")):
        card = DirectoryPerson(id=person, name=f"Person {person}", email=f"{person}@x.example", title=title)
        await directory.put_person(card)
    certificates = office(tmp_path, directory)
    number = await certificates.issue(asked())
    first = (await certificates.find(number)).read_bytes()
    assert first.startswith(b"%PDF")
    assert await certificates.issue(asked("id")) == number
    assert (await certificates.find(number)).read_bytes() == first
    with pytest.raises(PermanentFault, match="there is no certificate 'cert-9'"):
        await certificates.find("cert-9")


async def test_people_are_named_as_they_write_themselves(directory: DirectoryPort, tmp_path: Path) -> None:
    names = {"usr-07": "Siti Hajar", "usr-12": "Jun Watanabe 渡辺 純"}
    for person, name in names.items():
        await directory.put_person(DirectoryPerson(id=person, name=name, email=f"{person}@x.example", title="Lead"))
    named = await office(tmp_path, directory)._named(asked())
    assert (named.verified_by, named.stores[3].by) == ("Siti Hajar, Lead", "Jun Watanabe 渡辺 純")
