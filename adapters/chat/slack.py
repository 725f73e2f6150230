"""Slack as the chat of the team: a direct message for each digest, with a button for each of its questions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from slack_sdk.web import SlackResponse

from adapters.chat import slack_blocks
from adapters.chat.slack_faults import CHAT_REFUSED, Doubtful, SlackNo
from adapters.chat.slack_service import SlackService
from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.email.handing_over import HandOver
from models.case import RefusalType
from models.chat import About, Answerable, Click
from models.faults import PermanentFault, TransientFault
from models.letter import Letter
from models.work import Receipt

SCOPES = ("chat:write", "im:history", "im:write", "users:read", "users:read.email")
"""What the app must be allowed."""

_MARK = "followthrough_digest"
_LOOK_BACK = 100  # messages; a digest whose answer was lost is looked up within minutes
_NOBODY = ("users_not_found", "user_not_found")


class SlackChat:
    """ChatPort to a workspace. What it hands over is noted in the outbox, as of mail."""

    def __init__(self, service: SlackService, database: Database, now: Now = utc_now) -> None:
        self._service = service
        self._api = service.api
        self._hand_over = HandOver(database, now)
        self._users: dict[str, str] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def deliver(self, letter: Letter, key: str) -> Receipt | None:
        """See ChatPort."""
        user = await self._user_at(letter.to.address)
        if not user:
            return None
        async with self._turns.setdefault(key, asyncio.Lock()):
            return await self._known(letter, key, user) or await self._posted(letter, key, user)

    async def address_of(self, user: str) -> str:
        """See ChatPort."""
        found = await self._found(self._api.users_info, user=user)
        return str(found["user"].get("profile", {}).get("email", "")) if found else ""

    async def open_form(self, click: Click, answerable: Answerable) -> None:
        """See ChatPort."""
        question = answerable.question(click.about.step)
        if question is None:
            raise PermanentFault(CHAT_REFUSED, f"Slack: the letter asks nothing about step {click.about.step}.")
        form = slack_blocks.form_of(click, question, answerable.labels)
        await self._service.call(self._api.views_open, trigger_id=click.trigger, view=form)

    async def reply(self, about: About, text: str) -> None:
        """See ChatPort."""
        said = slack_blocks.escaped(text)
        await self._service.call(
            self._api.chat_postMessage, channel=about.channel, thread_ts=about.thread or None, text=said, mrkdwn=False
        )

    async def check(self) -> str:
        """See ChatPort: whose token it is, and what the app may."""
        try:
            found = await self._service.call(self._api.auth_test)
        except (PermanentFault, TransientFault) as fault:
            return str(fault)
        headers = {name.lower(): value for name, value in found.headers.items()}
        given = {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")}
        lacking = [scope for scope in SCOPES if scope not in given]
        return (
            f"Slack: the app lacks {', '.join(lacking)}; give it these scopes and install it again" if lacking else ""
        )

    async def _user_at(self, address: str) -> str:
        if address not in self._users:
            found = await self._found(self._api.users_lookupByEmail, email=address)
            if not found or found["user"].get("deleted"):
                return ""
            self._users[address] = str(found["user"]["id"])
        return self._users[address]

    async def _known(self, letter: Letter, key: str, user: str) -> Receipt | None:
        """The first receipt of one that arrived; of an attempt whose outcome is unknown, what Slack shows of it."""
        try:
            known = await self._hand_over.before(letter, key)
        except PermanentFault as fault:
            if fault.kind != RefusalType.UNKNOWN_DELIVERY:
                raise
            if place := await self._looked_up(key, user):
                return await self._hand_over.taken(key, place)
            await self._hand_over.not_taken(key)
            return None
        return known if isinstance(known, Receipt) else None

    async def _posted(self, letter: Letter, key: str, user: str) -> Receipt:
        await self._hand_over.begin(key)
        try:
            done = await self._service.call(
                self._api.chat_postMessage,
                channel=user,
                text=slack_blocks.escaped(letter.subject),
                blocks=slack_blocks.of_letter(letter, key),
                metadata={"event_type": _MARK, "event_payload": {"key": key}},
            )
        except Doubtful:
            raise
        except (PermanentFault, TransientFault):
            await self._hand_over.not_taken(key)
            raise
        return await self._hand_over.taken(key, f"slack:{done['channel']}/{done['ts']}")

    async def _looked_up(self, key: str, user: str) -> str:
        """Where the digest of that key stands; empty where it does not."""
        channel = (await self._service.call(self._api.conversations_open, users=user))["channel"]["id"]
        found = await self._service.call(
            self._api.conversations_history, channel=channel, limit=_LOOK_BACK, include_all_metadata=True
        )
        marked = (one for one in found["messages"] if one.get("metadata", {}).get("event_type") == _MARK)
        here = (one["ts"] for one in marked if one["metadata"].get("event_payload", {}).get("key") == key)
        return next((f"slack:{channel}/{ts}" for ts in here), "")

    async def _found(self, method: Callable[..., SlackResponse], **given: str) -> SlackResponse | None:
        """What a look-up gives; None where Slack knows nobody like that."""
        try:
            return await self._service.call(method, **given)
        except SlackNo as no:
            if no.code in _NOBODY:
                return None
            raise
