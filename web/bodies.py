"""The body of a request, whole or not at all, and never more of it than is allowed."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

MOST_JSON = 1_000_000
MOST_MAIL = 9_999_999
"""Bytes; what is longer is refused with 413 before the rest of it is read."""
_PATIENCE_SECONDS = 20.0


async def body_of(request: Request, most: int) -> bytes:
    """The body, of ``most`` bytes. Raises ``HTTPException``: 413 too large, 400 broken off, 408 too slow."""
    if int(request.headers.get("content-length") or 0) > most:
        raise _too_large(most)
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise _too_large(most)
    except ClientDisconnect:
        raise refusal(HTTPStatus.BAD_REQUEST, "the body broke off; send it again") from None
    except TimeoutError:
        raise refusal(HTTPStatus.REQUEST_TIMEOUT, f"the body took more than {_PATIENCE_SECONDS:g} s") from None
    return bytes(body)


def json_of(body: bytes) -> Any:
    """The body as JSON. Raises ``HTTPException`` 400 where it is none."""
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise refusal(HTTPStatus.BAD_REQUEST, "the body is no JSON in UTF-8") from None


def refusal(status: HTTPStatus, sentence: str) -> HTTPException:
    """An answer that refuses, with one sentence."""
    return HTTPException(status, sentence)


def _too_large(most: int) -> HTTPException:
    return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {most} bytes")
