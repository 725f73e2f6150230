"""Letters to the team: the digest of a case, and notices. Nothing in them is personal but the reader's name."""

from __future__ import annotations

from adapters.letters import checks, hypertext
from adapters.letters.templates import Templates, Values
from adapters.letters.wording import flat
from models.base import Record
from models.chat import Answerable, Labels
from models.directory import Card
from models.effects import DigestLine, Word
from models.leaving_facts import Churned
from models.letter import Letter, LetterKind, Mailbox
from models.work import NotifyTeam, SendDigest

_LONGEST_SUBJECT = 400
_LABELS = "_chat"
_MOST_PRESSING_FIRST = (
    Word.ESCALATE,
    Word.OVERDUE,
    Word.FAILED,
    Word.REFUSED,
    Word.PROPOSED,
    Word.ASSIGNED,
    Word.REROUTED,
    Word.WARN,
    Word.CONSULTED,
    Word.INFORMED,
)


class Group(Record):
    """The lines of a digest that share a word, the earliest due first."""

    word: Word
    lines: tuple[DigestLine, ...]


class StaffLetters:
    """Writes to the team in each reader's language and time zone."""

    def __init__(self, templates: Templates, sender: Mailbox) -> None:
        self._templates = templates
        self._sender = sender

    def digest(self, request: SendDigest, card: Card, account_name: str) -> Letter:
        """All that one member of the team must be told now about a case, in one letter, the most pressing first."""
        groups = grouped(request.lines)
        if not groups:
            checks.refuse("A digest needs at least one line.")
        others = len(request.lines) - len(groups[0].lines)
        values = {"groups": groups, "others": others, "at": request.at}
        letter = self._letter("digest", request, card, account_name, values)
        answerable = Answerable(questions=request.questions, labels=self._labels(card))
        return letter.model_copy(update={"chat": answerable})

    def notice(self, request: NotifyTeam, card: Card, account_name: str) -> Letter:
        """A notice about a step to one member of the team; of a customer who left, with date, reason and destination."""
        if request.churned:
            return self._letter("churn_notice", request, card, account_name, _churned(request.churned))
        values = {
            "title": flat(request.title).rstrip("."),
            "reason": flat(request.reason),
            "step": request.step,
            "at": request.at,
        }
        return self._letter("notice", request, card, account_name, values)

    def _labels(self, card: Card) -> Labels:
        reader = self._templates.reader(_LABELS, card.locale, card.time_zone)
        return Labels(**{name: self._templates.block(name, _LABELS, reader, {}) for name in Labels.model_fields})

    def _letter(
        self, template: str, request: SendDigest | NotifyTeam, card: Card, account_name: str, values: Values
    ) -> Letter:
        reader = self._templates.reader(template, card.locale, card.time_zone)
        name = flat(card.name)
        common = {
            "reader": name,
            "account": flat(account_name),
            "case_id": request.case_id,
            "account_id": request.account_id,
        }
        done = self._templates.write(template, reader, common | dict(values))
        return Letter(
            to=checks.mailbox(card.email, name, card.id),
            sender=self._sender,
            subject=flat(done.subject)[:_LONGEST_SUBJECT],
            text=done.text,
            html=hypertext.from_text(done.text, reader.language),
            kind=LetterKind.STAFF,
            automatic=True,
            case_id=request.case_id,
        )


def _churned(churned: Churned) -> Values:
    return {
        "left_on": churned.left_on,
        "reason": flat(churned.reason).rstrip("."),
        "destination": flat(churned.destination).rstrip("."),
    }


def grouped(lines: tuple[DigestLine, ...]) -> tuple[Group, ...]:
    """The lines of a digest by word, the most pressing word first; within it the earliest due first."""
    plain = [line.model_copy(update={"subject": flat(line.subject)}) for line in lines]
    groups = ((word, [line for line in plain if line.word == word]) for word in _MOST_PRESSING_FIRST)
    return tuple(Group(word=word, lines=tuple(sorted(some, key=_pressing))) for word, some in groups if some)


def _pressing(line: DigestLine) -> tuple[bool, float]:
    return (line.due is None, line.due.timestamp() if line.due else 0.0)
