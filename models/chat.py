"""Digests in a chat: what their reader may answer with a button, and what a click says."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record


class Wanted(Record):
    """One required content of a step's evidence, by its id."""

    id: str
    what: str


class Question(Record):
    """An open step that a digest tells of: the reader decides on it, or completes it with its evidence.

    ``evidence`` says what would prove it; ``decisions`` are the choices that it asks for.
    """

    step: str
    title: str
    decides: bool = False
    evidence: str = ""
    contents: tuple[Wanted, ...] = ()
    decisions: tuple[str, ...] = ()


class Labels(Record):
    """What stands on buttons and over fields, in the reader's language."""

    done: str
    approve: str
    refuse: str
    evidence: str
    reason: str
    decision: str
    send: str
    back: str


class Answerable(Record):
    """What makes a letter one that a chat may carry: its questions, and the words for answering them."""

    questions: tuple[Question, ...] = ()
    labels: Labels

    def question(self, step: str) -> Question | None:
        """The question about a step."""
        return next((one for one in self.questions if one.step == step), None)


class Does(StrEnum):
    """What a button stands for."""

    COMPLETE = "complete"
    APPROVE = "approve"
    REFUSE = "refuse"


class About(Record):
    """What a click is about: the letter by its key, the step, and where in the chat it stands."""

    key: str
    step: str
    does: Does
    channel: str = ""
    thread: str = ""


class Click(Record):
    """A button that was pressed, or a form that was sent: by whom, as the chat knows them.

    ``trigger`` lets a form be opened for a few seconds; ``sent`` says that it is the form, with what was written into it.
    """

    id: str
    user: str
    about: About
    trigger: str = ""
    sent: bool = False
    text: str = ""
    items: dict[str, str] = {}
    decision: str | None = None

    @property
    def needs_form(self) -> bool:
        """Whether something must be written before it counts."""
        return not self.sent and self.about.does is not Does.APPROVE
