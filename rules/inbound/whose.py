"""Whose account something is about, and which of its contacts asks."""

from __future__ import annotations

from collections.abc import Iterable

from models.base import Record
from models.crm import AccountRecord, Contact
from models.inbound import Arrival, InboxReason


class Known(Record):
    """What is known of who asks and of the account that is named.

    ``at_address`` are the contacts with the sender's address, ``at_domain`` those of the same mail domain (none of a mail
    provider's). ``named`` is the account that is named, where there is one of that id, ``of_named`` its contacts.
    ``left`` are the accounts of all of these that are no customers any more. ``own_team``: a person of ours wrote it;
    ``taken_by_known``: whoever took it in is one.
    """

    at_address: tuple[Contact, ...] = ()
    at_domain: tuple[Contact, ...] = ()
    named: AccountRecord | None = None
    of_named: tuple[Contact, ...] = ()
    left: tuple[str, ...] = ()
    own_team: bool = False
    taken_by_known: bool = False


class Whose(Record):
    """The account and its contact, or the reason why they are not sure, in a sentence."""

    account_id: str = ""
    contact: Contact | None = None
    reason: InboxReason | None = None
    why: str = ""


def whose(arrival: Arrival, known: Known) -> Whose:
    """Whose account it is: that of the contact who writes; what is named counts where it does not speak against it."""
    if arrival.account_id:
        return _named(arrival, known)
    accounts = _accounts(known.at_address)
    if len(accounts) == 1:
        return _found(accounts[0], known.at_address[0], known)
    if accounts:
        return _several(f"{arrival.sender} is a contact of", accounts)
    return _by_domain(arrival, known)


def _named(arrival: Arrival, known: Known) -> Whose:
    if known.named is None:
        likely = _accounts(known.at_address)
        why = f"it names the account '{arrival.account_id}', and there is none of that id"
        return Whose(
            account_id=likely[0] if len(likely) == 1 else "",
            reason=InboxReason.UNKNOWN_ACCOUNT,
            why=f"{why}{_of(likely)}",
        )
    others = [account for account in _accounts(known.at_address) if account != known.named.id]
    asking = _asking(arrival, known)
    if asking:
        return _found(known.named.id, asking, known)
    if others:
        return _several(f"it names {known.named.id}, and {arrival.sender} is a contact of", others)
    who = arrival.sender or arrival.contact or "nobody who is named"
    why = f"it names {known.named.id}, whose contacts do not include {who}"
    return Whose(account_id=known.named.id, reason=InboxReason.NOT_A_CONTACT, why=why)


def _asking(arrival: Arrival, known: Known) -> Contact | None:
    """The contact of the named account who asks: by address; by id or name only where no address speaks against it."""
    by_address = [one for one in known.of_named if arrival.sender and one.email.casefold() == arrival.sender]
    if by_address or arrival.sender:
        return by_address[0] if by_address else None
    wanted = arrival.contact.casefold()
    named = [one for one in known.of_named if wanted in (one.id.casefold(), one.email.casefold(), one.name.casefold())]
    return named[0] if len(named) == 1 else None


def _by_domain(arrival: Arrival, known: Known) -> Whose:
    likely = _accounts(known.at_domain)
    if not likely:
        who = arrival.sender or "its sender, who gives no address that can be read,"
        return Whose(reason=InboxReason.UNKNOWN_SENDER, why=f"{who} is no contact of any account")
    domain = arrival.sender.rpartition("@")[2]
    if len(likely) > 1:
        return _several(f"{arrival.sender} is no contact, and {domain} is the mail domain of", likely)
    why = f"{arrival.sender} is no contact; {domain} is the mail domain of {likely[0]}"
    return Whose(account_id=likely[0], reason=InboxReason.NOT_A_CONTACT, why=why)


def _found(account: str, contact: Contact, known: Known) -> Whose:
    if account in known.left:
        why = f"{account} is no customer any more; there may be nothing left to cancel"
        return Whose(account_id=account, contact=contact, reason=InboxReason.ACCOUNT_LEFT, why=why)
    return Whose(account_id=account, contact=contact)


def _several(said: str, accounts: Iterable[str]) -> Whose:
    return Whose(reason=InboxReason.SEVERAL_ACCOUNTS, why=f"{said} {', '.join(accounts)}; say which is meant")


def _of(accounts: tuple[str, ...]) -> str:
    return f"; its sender is a contact of {', '.join(accounts)}" if accounts else ""


def _accounts(contacts: Iterable[Contact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.account_id for one in contacts))
