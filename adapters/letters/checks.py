"""What a message must hold before it may leave. Every refusal says what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

from pydantic import ValidationError

from adapters.letters import wording
from adapters.letters.catalogue import Catalogue, Limits, MessageSpec, PartRule, PartSpec
from models.case import Edit, RefusalType
from models.faults import PermanentFault
from models.letter import Mailbox

_NAME_AND_TITLE = (",", "，", "،", "、", "(")
_EXAMPLE_DATE = "2026-12-04 or 4 December 2026"
_LONGEST_QUOTE = 60

Parts = dict[str, str]
"""The text of each part by its name."""


def refuse(sentence: str) -> NoReturn:
    """Raise ``PermanentFault(MessageNotReady)`` with this sentence."""
    raise PermanentFault(RefusalType.MESSAGE_NOT_READY, sentence)


def one_line(value: str, what: str) -> str:
    """The value, which becomes part of a header or of the signature; a break or control sign in it is refused."""
    sign = wording.hidden_sign(value)
    if sign:
        refuse(f"{what} holds a line break or control sign ({sign}); it must be one plain line.")
    return value.strip()


def mailbox(address: str, name: str, who: str) -> Mailbox:
    """The mailbox of somebody; an address that is none is refused."""
    try:
        return Mailbox(address=address, name=name)
    except ValidationError:
        refuse(f"The address of {who} is not one plain mail address, like name@example.com; correct it.")


def written(spec: MessageSpec, edits: Sequence[Edit], catalogue: Catalogue) -> Parts:
    """What a person wrote, by part. An unknown or doubled name, a placeholder and a control sign are refused."""
    parts: Parts = {}
    for edit in edits:
        if spec.part(edit.name) is None:
            known = ", ".join(part.name for part in spec.parts)
            refuse(f"There is no part '{edit.name}' in this message; its parts are: {known}.")
        if edit.name in parts:
            refuse(f"The part '{edit.name}' was given twice; give it once.")
        parts[edit.name] = _clean(edit, catalogue)
    return {name: text for name, text in parts.items() if text}


def _clean(edit: Edit, catalogue: Catalogue) -> str:
    text = edit.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    sign = wording.hidden_sign(text, lines=True)
    if sign:
        refuse(f"The part '{edit.name}' holds a control sign ({sign}); write plain text and line breaks only.")
    longest = catalogue.limits.part_characters
    if len(text) > longest:
        refuse(f"The part '{edit.name}' has {len(text)} characters; at most {longest} fit.")
    left = wording.first_match(text, catalogue.phrases.unfilled)
    if left:
        refuse(f"The part '{edit.name}' still holds the placeholder '{left}'; write the words that belong there.")
    return text


def missing(spec: MessageSpec, parts: Mapping[str, str]) -> tuple[PartSpec, ...]:
    """The required parts that nobody wrote, in order; one that another part may stand for is named once."""
    return tuple(part for part in spec.parts if _is_due(part) and not _answered(spec, part, parts))


def _is_due(part: PartSpec) -> bool:
    return part.required and part.instead_of is None


def _answered(spec: MessageSpec, part: PartSpec, parts: Mapping[str, str]) -> bool:
    other = spec.alternative(part)
    return part.name in parts or (other is not None and other.name in parts)


def asked_for(spec: MessageSpec, part: PartSpec) -> str:
    """A missing part in words: its name, what it is, and the part that may stand for it."""
    other = spec.alternative(part)
    return f"{part.name} ({part.what})" + (f" or {other.name} ({other.what})" if other else "")


def check(spec: MessageSpec, parts: Mapping[str, str], catalogue: Catalogue) -> None:
    """Refuse parts that are missing, that contradict each other, or that break the rules of their part."""
    gaps = missing(spec, parts)
    if gaps:
        refuse("Still to be written: " + "; ".join(asked_for(spec, part) for part in gaps) + ".")
    for part in spec.parts:
        if part.name in parts:
            _check_part(part, parts, catalogue)
            _check_avoided(spec, part, parts[part.name], catalogue)


def _check_avoided(spec: MessageSpec, part: PartSpec, text: str, catalogue: Catalogue) -> None:
    found = catalogue.avoided((*spec.avoid, *part.avoid), text)
    if found:
        phrase, instead = found
        refuse(f"The part '{part.name}' says '{phrase}'; {instead}.")


def _check_part(part: PartSpec, parts: Mapping[str, str], catalogue: Catalogue) -> None:
    text = parts[part.name]
    if part.instead_of in parts:
        refuse(f"Both '{part.instead_of}' and '{part.name}' are written; keep the one that is true.")
    if part.choices and text not in part.choices:
        refuse(f"The part '{part.name}' is '{text}'; it must be one of: {', '.join(part.choices)}.")
    if PartRule.SPECIFIC in part.rules:
        _check_specific(part, text, catalogue)
    if PartRule.NAMED in part.rules:
        _check_named(part, text)
    _check_lines(part, text, catalogue)


def _check_lines(part: PartSpec, text: str, catalogue: Catalogue) -> None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < part.lines:
        refuse(f"The part '{part.name}' has {len(lines)} of at least {part.lines} lines; write {part.what}.")
    for piece in lines if part.per_line else [text]:
        where = f"The part '{part.name}'" + (f", in '{_quoted(piece)}'," if part.per_line else "")
        if PartRule.DATED in part.rules:
            _check_dated(where, piece, catalogue)
        _check_figures(where, part, piece)


def _quoted(line: str) -> str:
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"


def _check_figures(where: str, part: PartSpec, text: str) -> None:
    found = wording.figures(text)
    if PartRule.TWO_FIGURES in part.rules and found < 2:
        refuse(f"{where} compares nothing; give both figures, like '3 of 8' or 'from 24 to 4 hours'.")
    if PartRule.NUMBERED in part.rules and not found:
        refuse(f"{where} holds no figure besides its dates; write {part.what}.")


def _check_specific(part: PartSpec, text: str, catalogue: Catalogue) -> None:
    rest = wording.without(text, catalogue.phrases.generic)
    if wording.weight(rest) < catalogue.limits.specific_weight:
        refuse(f"The part '{part.name}' could be written to anybody; write {part.what}.")


def _check_dated(where: str, text: str, catalogue: Catalogue) -> None:
    vague = wording.vague_without_date(text, catalogue.phrases.vague)
    if vague:
        refuse(f"{where} says '{vague}' without a date; give the day, like {_EXAMPLE_DATE}.")
    if not wording.holds_date(text):
        refuse(f"{where} names no date; give the day of each step, like {_EXAMPLE_DATE}.")


def _check_named(part: PartSpec, text: str) -> None:
    split = min((text.find(sign) for sign in _NAME_AND_TITLE if sign in text), default=-1)
    if "\n" in text or not wording.plain(text[: max(split, 0)]) or not wording.plain(text[split:]):
        refuse(f"The part '{part.name}' must be a name and a title on one line, like 'Mira Tan, VP Product'.")


def check_subject(subject: str, limits: Limits) -> None:
    """Refuse a subject that is no plain line, or that is too long for one."""
    one_line(subject, "The subject")
    if len(subject) > limits.subject_characters:
        refuse(f"The subject has {len(subject)} characters, at most {limits.subject_characters} fit; shorten the name.")


def check_own(spec: MessageSpec, parts: Mapping[str, str], template_text: str, earlier: str | None) -> None:
    """Refuse a personal word that the letter says anyway, or that the last message of its kind said (OFFB-58).

    ``template_text`` is the letter without what people write; ``earlier`` is the ``fingerprint`` of the last one. A message
    without such a word goes out by itself, and may well say the same again.
    """
    if earlier and fingerprint(spec, parts) == earlier:
        refuse("The personal word is the same as in the last message; write what is new since then.")
    for part in _own(spec):
        text = wording.plain(parts.get(part.name, ""))
        if text in wording.plain(template_text):
            said = next((other for other in parts if other != part.name and text in wording.plain(parts[other])), "")
            again = f"what the part '{said}' says" if said else "the template"
            refuse(f"The part '{part.name}' only repeats {again}; write {part.what}.")


def fingerprint(spec: MessageSpec, parts: Mapping[str, str]) -> str:
    """The personal words of a message, without case, punctuation and spacing."""
    return "\n".join(wording.plain(parts.get(part.name, "")) for part in _own(spec))


def _own(spec: MessageSpec) -> Iterable[PartSpec]:
    return (part for part in spec.parts if PartRule.OWN in part.rules)
