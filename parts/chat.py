"""The chat of the team, by the settings."""

from __future__ import annotations

from adapters.chat.port import ChatPort
from adapters.database import Database
from settings.chat import ChatPart, ChatSettings


def chat_service(settings: ChatSettings, database: Database) -> ChatPort | None:
    """The chat that carries digests; None where they are mail."""
    if settings.chat is ChatPart.NONE:
        return None
    from adapters.chat.slack import SlackChat
    from adapters.chat.slack_service import SlackService, Workspace

    return SlackChat(SlackService(Workspace(token=settings.slack_token, url=settings.slack_url)), database)
