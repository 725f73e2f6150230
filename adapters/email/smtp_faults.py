"""What a mail server's no, silence or bad certificate means: what is tried again, and what a person must put right.

No sentence repeats what the server said, since servers quote addresses; its code is enough to look it up.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import TypeGuard

import aiosmtplib

from models.case import RefusalType
from models.faults import PermanentFault, TransientFault

_CREDENTIALS = (530, 534, 535, 538)
_WHAT_TO_DO = {
    550: "the server knows no such mailbox or does not take mail for it; correct the address of the contact in the CRM "
    "or of the member in the team directory, then send it again",
    551: "the mailbox has moved; correct the address of the recipient, then send it again",
    552: "the letter is too large or the mailbox is full; send it with smaller files or by another way",
    553: "the server takes no such address; correct the address of the recipient or FOLLOWTHROUGH_SENDER",
    554: "the server refuses the letter, for example as unwanted mail; ask whoever runs it, then send it again",
}
_OTHERWISE = "the server refuses it for good; look the code up in its log, then send it again"


def fault_of(error: Exception, where: str, case_id: str) -> PermanentFault | TransientFault:
    """The fault that stands for an error of a conversation with the server before it could take the letter.

    ``where`` is the server's name and port. Final is a clear no to the letter or to the credentials, a 5xx answer.
    """
    about = f"Email by SMTP ({where}){f', case {case_id}' if case_id else ''}: "
    at_the_door = isinstance(error, (aiosmtplib.SMTPConnectResponseError, aiosmtplib.SMTPHeloError))
    if is_no(error) and error.code >= 500 and not at_the_door:
        return PermanentFault(RefusalType.MAIL_REFUSED, f"{about}{_final(error)} (answer {error.code}).")
    return TransientFault(f"{about}{_for_now(error)}.")


def is_no(error: Exception) -> TypeGuard[aiosmtplib.SMTPResponseException]:
    """Whether the server said clearly that it does not take the letter."""
    return isinstance(error, aiosmtplib.SMTPResponseException) and 400 <= error.code < 600


def _final(error: aiosmtplib.SMTPResponseException) -> str:
    if error.code in _CREDENTIALS or isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return (
            "the server does not take the user or the password; put FOLLOWTHROUGH_SMTP_USER and "
            "FOLLOWTHROUGH_SMTP_PASSWORD right, restart the worker, then send it again"
        )
    if isinstance(error, aiosmtplib.SMTPSenderRefused) and error.code != 552:
        return "the server does not take mail from FOLLOWTHROUGH_SENDER; set one that it sends for, then send it again"
    if isinstance(error, aiosmtplib.SMTPDataError) and error.code != 552:
        return _WHAT_TO_DO[554]
    return _WHAT_TO_DO.get(error.code, _OTHERWISE)


def _for_now(error: Exception) -> str:
    """What keeps the server from taking the letter now, and what a person can do about it."""
    causes = tuple(_causes(error))
    if bad := next((one for one in causes if isinstance(one, ssl.SSLCertVerificationError)), None):
        return (
            f"the server's certificate cannot be trusted ({bad.verify_message.rstrip('.')}); renew it, or name the server "
            "in FOLLOWTHROUGH_SMTP_HOST as its certificate does"
        )
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return "no encrypted connection came about; check FOLLOWTHROUGH_SMTP_TLS against the port"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"the server puts it off ({'no whole answer' if error.code < 0 else f'answer {error.code}'})"
    if isinstance(error, TimeoutError):
        return "the server did not answer in time; check FOLLOWTHROUGH_SMTP_HOST and _PORT, and that it runs"
    if isinstance(error, (OSError, aiosmtplib.SMTPServerDisconnected)):
        return "the server could not be reached or hung up; check FOLLOWTHROUGH_SMTP_HOST and _PORT, and that it runs"
    return "the server offers no encryption or no way to log in that fits; check FOLLOWTHROUGH_SMTP_TLS and _USER"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
