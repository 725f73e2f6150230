"""What an S3 service's no, silence or half answer means: what is tried again, and what a person must put right.

No sentence repeats what the service said, since services quote keys; its code is enough to look it up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
    SSLError,
)

from models.faults import PermanentFault, TransientFault

REFUSED = "FilesRefused"
_KEYS = "put FOLLOWTHROUGH_S3_ACCESS_KEY and _SECRET_KEY or the machine's own right, and restart the worker"
_NOT_YOURS = "the key is not allowed to; let it read, write, list and delete in the bucket, with versions and uploads"
_ELSEWHERE = "the bucket lies in another region; set FOLLOWTHROUGH_S3_REGION to it"
_NO_BUCKET = "there is no such bucket; check FOLLOWTHROUGH_S3_BUCKET and FOLLOWTHROUGH_S3_ENDPOINT"
_EXPIRED = f"the key has expired; {_KEYS}"
_WRONG_KEY = f"the service does not take the key; {_KEYS}"
_FINAL = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidToken": _WRONG_KEY,
    "InvalidAccessKeyId": _WRONG_KEY,
    "SignatureDoesNotMatch": _WRONG_KEY,
    "AccessDenied": _NOT_YOURS,
    "403": _NOT_YOURS,
    "NoSuchBucket": _NO_BUCKET,
    "404": _NO_BUCKET,
    "PermanentRedirect": _ELSEWHERE,
    "AuthorizationHeaderMalformed": _ELSEWHERE,
    "301": _ELSEWHERE,
    "NotImplemented": "the service does not do what is needed: uploads in parts, and lists of versions",
}
_FOR_NOW = {
    "RequestTimeTooSkewed": "the clock of this machine is more than 15 minutes off; set it by a time server",
    "BadDigest": "a part was damaged on its way; it is sent again",
    "NoSuchUpload": "the service forgot an upload that was begun; it is begun anew",
    "InvalidPart": "the service lost a part that was sent; it is sent again",
}
_BUSY = ("SlowDown", "RequestTimeout", "OperationAborted", "Throttling", "ThrottlingException", "TooManyRequests")
_CODE = re.compile(r"[A-Za-z0-9.]{1,60}")


@contextmanager
def told_as_faults(where: str) -> Iterator[None]:
    """Let nothing but faults of ours out of a conversation; ``where`` is the bucket as messages name it."""
    about = f"Files by S3 ({where}): "
    try:
        yield
    except ClientError as error:
        raise _of_answer(error, about) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise PermanentFault(REFUSED, f"{about}there is no key; {_KEYS}.") from error
    except (BotoCoreError, HTTPClientError) as error:
        raise TransientFault(f"{about}{_unreached(error)}.") from error


def code_of(error: ClientError) -> str:
    """The code of an answer, such as ``NoSuchKey``; the status where a service gives none that can be told."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if _CODE.fullmatch(code) else str(_status(error))


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _of_answer(error: ClientError, about: str) -> PermanentFault | TransientFault:
    code, status = code_of(error), _status(error)
    if code in _FINAL:
        return PermanentFault(REFUSED, f"{about}{_FINAL[code]} (answer {code}).")
    if code in _FOR_NOW:
        return TransientFault(f"{about}{_FOR_NOW[code]} (answer {code}).")
    if code in _BUSY or status in (0, 408, 429) or status >= 500 or status < 300:
        return TransientFault(f"{about}the service puts it off (answer {code}).")
    return PermanentFault(REFUSED, f"{about}the service refuses it for good; look the code up (answer {code}).")


def _unreached(error: Exception) -> str:
    if isinstance(error, SSLError):
        return "the service's certificate cannot be trusted; renew it, or set AWS_CA_BUNDLE to its authority"
    if isinstance(error, (ConnectTimeoutError, ReadTimeoutError)):
        return "the service did not answer in time; check FOLLOWTHROUGH_S3_ENDPOINT, and that it runs"
    return "the service could not be reached or hung up; check FOLLOWTHROUGH_S3_ENDPOINT, and that it runs"
