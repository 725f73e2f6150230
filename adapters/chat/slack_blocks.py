"""A digest as Slack shows it, and the forms that ask for what is to be written: blocks, within Slack's limits."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from models.chat import About, Click, Does, Labels, Question
from models.letter import Letter

EVIDENCE, DECISION, ITEM = "evidence", "decision", "item:"
"""The names of the fields of a form; those of required contents carry the content's id."""

Block = dict[str, Any]
_HEADER, _SECTION, _CONFIRM, _OPTION, _LONGEST = 150, 2900, 300, 75, 2000
_MOST_SECTIONS, _MOST_QUESTIONS = 8, 20


def escaped(text: str) -> str:
    """Text in which Slack finds no mention, no link and no command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def of_letter(letter: Letter, key: str) -> list[Block]:
    """The letter, and below it each question with its buttons. Texts are plain: Slack reads no markup in them."""
    assert letter.chat is not None
    blocks: list[Block] = [{"type": "header", "text": _plain(letter.subject, _HEADER)}]
    blocks += [{"type": "section", "text": _plain(piece, _SECTION)} for piece in _pieces(letter.text)]
    for number, question in enumerate(letter.chat.questions[:_MOST_QUESTIONS]):
        blocks += _question(question, number, key, letter.chat.labels)
    return blocks


def form_of(click: Click, question: Question, labels: Labels) -> Block:
    """The form for a button that needs something to be written."""
    about = click.about
    reason = about.does is not Does.COMPLETE
    fields = [_text(EVIDENCE, labels.reason)] if reason else list(_fields(question, labels))
    return {
        "type": "modal",
        "callback_id": about.does.value,
        "private_metadata": about.model_dump_json(),
        "title": _plain(labels.refuse if reason else labels.done, 24),
        "submit": _plain(labels.send, 24),
        "close": _plain(labels.back, 24),
        "blocks": [{"type": "section", "text": _plain(question.title, _SECTION)}, *fields],
    }


def _fields(question: Question, labels: Labels) -> Iterator[Block]:
    """What proves the step, one field for each content; with contents the text may be left out, as the case has it."""
    evidence = f"{labels.evidence}: {question.evidence}" if question.evidence else labels.evidence
    yield _text(EVIDENCE, evidence, optional=bool(question.contents))
    for content in question.contents:
        yield _text(f"{ITEM}{content.id}", content.what or content.id)
    if question.decisions:
        options = [{"text": _plain(one, _OPTION), "value": one} for one in question.decisions]
        element = {"type": "static_select", "action_id": DECISION, "options": options}
        yield _field(DECISION, labels.decision, element)


def _text(name: str, label: str, optional: bool = False) -> Block:
    element = {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": _LONGEST}
    return _field(name, label, element, optional)


def _field(name: str, label: str, element: Block, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label, _LONGEST),
        "element": element,
        "optional": optional,
    }


def _question(question: Question, number: int, key: str, labels: Labels) -> list[Block]:
    if question.decides:
        approve = _button(Does.APPROVE, labels.approve, question, key) | {"style": "primary"}
        approve["confirm"] = _sure(question, labels)
        buttons = [approve, _button(Does.REFUSE, labels.refuse, question, key) | {"style": "danger"}]
    else:
        buttons = [_button(Does.COMPLETE, labels.done, question, key)]
    return [
        {"type": "section", "text": _plain(question.title, _SECTION)},
        {"type": "actions", "block_id": f"question:{number}", "elements": buttons},
    ]


def _button(does: Does, label: str, question: Question, key: str) -> Block:
    value = About(key=key, step=question.step, does=does).model_dump_json(exclude_defaults=True)
    return {"type": "button", "action_id": does.value, "text": _plain(label, _OPTION), "value": value}


def _sure(question: Question, labels: Labels) -> Block:
    """What Slack asks before it sends a decision that nothing else has to be written for."""
    return {
        "title": _plain(labels.approve, 100),
        "text": _plain(question.title, _CONFIRM),
        "confirm": _plain(labels.approve, 30),
        "deny": _plain(labels.back, 30),
    }


def _pieces(text: str) -> list[str]:
    """The text in pieces of whole lines that a section takes, as many as a message has room for."""
    pieces = [""]
    for line in text.strip().splitlines():
        for part in textwrap.wrap(line, _SECTION - 1, drop_whitespace=False) or [""]:
            if len(pieces[-1]) + len(part) >= _SECTION:
                pieces.append("")
            pieces[-1] += f"{part}\n"
    return [piece.strip() for piece in pieces if piece.strip()][:_MOST_SECTIONS]


def _plain(text: str, most: int) -> Block:
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return {"type": "plain_text", "text": short, "emoji": False}
