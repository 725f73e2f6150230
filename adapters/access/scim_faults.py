"""What a SCIM service's no, silence or half answer means: what is tried again, and what a person must put right.

No sentence repeats what the service said, since services quote names; its status is enough to look it up.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx2

from models.faults import PermanentFault, TransientFault

REFUSED = "AccessRefused"
_FINAL = {
    401: "the service does not take the token; set FOLLOWTHROUGH_SCIM_TOKEN to one that is good and restart the worker",
    403: "the token is not allowed to; let it read and change users, and groups where people are restricted by one",
    404: "there is no such page; check FOLLOWTHROUGH_SCIM_URL, which mostly ends in /v2",
    501: "the service does not do what is needed; it has to know filters and PATCH",
}
_REFUSED = (
    "the service refuses it; check FOLLOWTHROUGH_SCIM_ACCOUNT and FOLLOWTHROUGH_SCIM_READ_ONLY against its schema"
)
_TOO_MANY = 429


def refused(status: int, where: str) -> PermanentFault | TransientFault:
    """The fault that stands for an answer that is no success; ``where`` is the service as messages name it."""
    about = f"Access by SCIM ({where}): "
    if status == _TOO_MANY:
        return TransientFault(f"{about}the service asks to slow down (answer {status}).")
    if status >= 500 and status not in _FINAL:
        return TransientFault(f"{about}the service puts it off (answer {status}).")
    if 300 <= status < 400:
        return PermanentFault(REFUSED, f"{about}{_FINAL[404]} (it points elsewhere, answer {status}).")
    return PermanentFault(REFUSED, f"{about}{_FINAL.get(status, _REFUSED)} (answer {status}).")


def unreached(error: Exception, where: str) -> TransientFault:
    """The fault that stands for no answer at all, or for one that nobody can read."""
    return TransientFault(f"Access by SCIM ({where}): {_for_now(error)}.")


def _for_now(error: Exception) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message.rstrip(".")
            return (
                f"the service's certificate cannot be trusted ({why}); renew it, or set SSL_CERT_FILE to its authority"
            )
    if isinstance(error, (httpx2.TimeoutException, TimeoutError)):
        return "the service did not answer in time; check that it runs, or raise FOLLOWTHROUGH_SCIM_TIMEOUT"
    if isinstance(error, (httpx2.HTTPError, OSError)):
        return "the service could not be reached or hung up; check FOLLOWTHROUGH_SCIM_URL, and that it runs"
    return "the service gave no whole answer in SCIM; check FOLLOWTHROUGH_SCIM_URL, and that it runs"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
