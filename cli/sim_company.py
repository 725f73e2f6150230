"""A small company for simulations: one customer, and one person for every role. All of them are made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.account import Money
from models.crm import AccountRecord, Contact, SeatRecord
from models.directory import AwayTime, DirectoryPerson, WorkingTime
from models.people import RoleId
from models.policy import Policy
from parts import Parts

ACCOUNT = "sim-account"
CUSTOMER = "Papermoon Stationers (simulated)"
ZONE = "Asia/Singapore"
_WORKS = WorkingTime(time_zone=ZONE)
_NAMES = {
    "csm": ("Dewi Anjani", "Customer Success Manager"),
    "senior_csm": ("Ruth Keane", "Senior Customer Success Manager"),
    "cs_manager": ("Hana Okafor", "Head of Customer Success"),
    "executive": ("Viola Stern", "Chief Customer Officer"),
    "product_manager": ("Kofi Mensah", "Product Manager"),
    "engineering": ("Lena Brandt", "Engineering Lead"),
    "support": ("Arjun Pillai", "Support Lead"),
    "sales": ("Mei Chua", "Account Executive"),
    "sales_engineer": ("Pia Novak", "Sales Engineer"),
    "finance": ("Omar Aziz", "Finance Partner"),
    "legal": ("Inge Dahl", "Legal Counsel"),
    "tech_success_manager": ("Jonas Lind", "Technical Success Manager"),
}
DEPUTY = "sim-deputy"
_DEPUTY = ("Tomas Rivera", "Customer Success Manager")


def person_id(role: RoleId) -> str:
    """Who holds that role in the simulated company."""
    return f"sim-{role.replace('_', '-')}"


def short_name(person: str | None) -> str:
    """The first name of a person of the simulated company; the id where they are not of it."""
    names = {person_id(role): name for role, (name, _) in _NAMES.items()} | {DEPUTY: _DEPUTY[0]}
    return names.get(person or "", person or "").split(" ")[0]


async def found(parts: Parts, policy: Policy, opens: datetime, *, lead_leaves: bool) -> None:
    """Write the company into the parts. With ``lead_leaves`` the lead is on leave from the third day for two weeks.

    Every role of the policy gets its person, also one that RevOps added; the renewal lies 75 days after ``opens``
    (UTC), so that the judgement of the case does not depend on the day of the simulation.
    """
    roles = dict.fromkeys((policy.lead_role, policy.manager_role, policy.executive_role, *policy.roles))
    for role in roles:
        await parts.directory.put_person(_person(person_id(role), role, *_NAMES.get(role, (f"Sam {role}", role))))
    await parts.directory.put_person(_person(DEPUTY, policy.lead_role, *_DEPUTY))
    await parts.crm.put_account(_account(opens.date()))
    await parts.crm.put_contact(
        Contact(id="sim-contact", account_id=ACCOUNT, name="Iris Falk", email="iris@papermoon.example")
    )
    for role in roles:
        deputy = DEPUTY if role == policy.lead_role else None
        await parts.crm.put_seat(SeatRecord(account_id=ACCOUNT, role=role, person=person_id(role), deputy=deputy))
    if lead_leaves:
        away = opens + timedelta(hours=39)
        lead = person_id(policy.lead_role)
        await parts.directory.add_absence(AwayTime(person=lead, start=away, end=away + timedelta(days=14)))


def _person(person: str, role: RoleId, name: str, title: str) -> DirectoryPerson:
    email = f"{person}@followthrough.example"
    return DirectoryPerson(id=person, name=name, email=email, title=title, roles=(role,), works=_WORKS)


def _account(today: date) -> AccountRecord:
    return AccountRecord(
        id=ACCOUNT,
        name=CUSTOMER,
        arr=Money(minor=6_400_000, currency="USD"),
        customer_since=date(today.year - 2, 1, 15),
        renewal_date=today + timedelta(days=75),
        works=_WORKS,
        contact_id="sim-contact",
    )
