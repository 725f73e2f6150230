"""The settings of the chat in which the team is reached: none, or Slack."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, SecretStr

from models.webhooks import Source
from settings.part import safe_on_its_way, unless
from settings.webhooks import WebhookSettings

_SLACK = "https://slack.com/api/"


class ChatPart(StrEnum):
    """Where digests are answered at once."""

    NONE = "none"
    SLACK = "slack"


class ChatSettings(WebhookSettings):
    """Which chat carries digests, and as whom."""

    chat: ChatPart = Field(default=ChatPart.NONE, description="none or slack")
    slack_token: SecretStr = Field(default=SecretStr(""), description="the bot token of the Slack app, xoxb-...")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), description="the signing secret of the Slack app")
    slack_url: str = Field(
        default=_SLACK,
        pattern=r"^https?://[^\s<>\"@?#]+/$",
        description=f"the URL of Slack's Web API with a slash at its end, {_SLACK} unless set",
    )

    def heard(self) -> dict[Source, SecretStr]:
        """The senders that are heard, and Slack where it is the chat."""
        clicks = {Source.SLACK: self.slack_signing_secret} if self.chat is ChatPart.SLACK else {}
        return super().heard() | clicks

    def lacking(self) -> list[str]:
        """What Slack still needs."""
        if self.chat is not ChatPart.SLACK:
            return super().lacking()
        needed = {
            "SLACK_TOKEN is not set; FOLLOWTHROUGH_CHAT=slack needs the bot token of the app.": bool(
                self.slack_token.get_secret_value()
            ),
            "SLACK_SIGNING_SECRET is not set; FOLLOWTHROUGH_CHAT=slack needs it to know whose clicks they are.": bool(
                self.slack_signing_secret.get_secret_value()
            ),
            "SLACK_URL is not encrypted; http is for a stand-in on this machine only, set https.": safe_on_its_way(
                self.slack_url
            ),
        }
        return super().lacking() + unless(needed)
