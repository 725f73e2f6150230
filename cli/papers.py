"""What the people of a story write: evidence for steps, and the parts of messages. Pure; the same seed, the same words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from adapters.letters.catalogue import Catalogue, PartRule, PartSpec
from models.commands import EvidenceGiven
from models.plan import Content, Plan, StepSpec
from models.policy import EvidenceKind
from models.save import SaveOutcome, SaveStage

_FORMS = {
    "call": "call {n}: {title}",
    "meeting": "meeting {n}: {title}",
    "message": "email {n}: {title}",
    "document": "document D-{n}: {title}",
    "ids": "records {n} and {m}: {title}",
    "record": "record {n}: {title}",
    "note": "{title}: written down after talking to the customer's team",
}
_PERSONAL = {
    "en": (
        "Thank you for showing me how your team works around it, {n} steps by hand are {n} too many.",
        "Your point about the month-end close stayed with me; I have put it first on our list of {n}.",
        "It helped that you sent the {n} examples; our engineers saw it at once.",
        "I remember you have {n} sites waiting, so this one is written with them in mind.",
    ),
    "ms": (
        "Terima kasih kerana menunjukkan {n} langkah manual yang pasukan anda buat setiap minggu.",
        "Perkara tentang penutupan akaun itu saya letakkan paling atas daripada {n} perkara.",
        "Contoh-contoh yang anda hantar, semuanya {n}, sangat membantu jurutera kami.",
        "Saya ingat {n} lokasi anda masih menunggu, jadi surat ini ditulis untuk mereka juga.",
    ),
    "id": (
        "Terima kasih sudah menunjukkan {n} langkah manual yang tim Anda kerjakan tiap minggu.",
        "Soal tutup buku itu saya taruh paling atas dari {n} hal di daftar kami.",
        "Contoh yang Anda kirim, {n} buah, sangat membantu tim teknik kami.",
        "Saya ingat {n} lokasi Anda masih menunggu, surat ini juga ditulis untuk mereka.",
    ),
}
_SPECIFIC = {
    "en": "In case {n} the data arrives late and your team enters it again by hand.",
    "ms": "Dalam kes {n} data sampai lewat dan pasukan anda memasukkannya semula dengan tangan.",
    "id": "Pada kasus {n} data datang terlambat dan tim Anda memasukkannya lagi dengan tangan.",
}
_DATED = {
    "en": "We go through the result with you on {day}.",
    "ms": "Kami akan semak hasilnya bersama anda pada {day}.",
    "id": "Kami bahas hasilnya bersama Anda pada {day}.",
}
_COMPARED = {
    "en": "From {n} hours to {m} for each import.",
    "ms": "Daripada {n} jam kepada {m} bagi setiap import.",
    "id": "Dari {n} jam menjadi {m} untuk setiap impor.",
}
_GIVEN = {
    "en": "- an answer in writing by {day}",
    "ms": "- jawapan bertulis selewat-lewatnya {day}",
    "id": "- jawaban tertulis paling lambat {day}",
}
_ESTIMATED = "36"
_SAID = "the export came a year too late for us"
_MILESTONE = "2031-03-01"
_NAMED = "Hana Okafor, Head of Customer Success"


def evidence(plan: Plan, spec: StepSpec, decision: str | None, number: int) -> EvidenceGiven:
    """Evidence that proves a step by the policy of its plan: the text of its kind, every item, and the decision.

    ``number`` stands in for the ids of real records.
    """
    return EvidenceGiven(
        text=_text(plan, spec, number),
        items={content.id: _item(plan, spec, content, number) for content in spec.contents},
        decision=decision if spec.evidence.decisions else None,
    )


def heard(outcome: SaveOutcome, stage: str) -> dict[str, object]:
    """What the customer said of leaving, or that nobody spoke to them (CONV-22); nothing for who stays."""
    if outcome not in (SaveOutcome.LOST, SaveOutcome.LET_GO):
        return {}
    spoken = stage != SaveStage.OPENED
    return {"customer_quotes": (_SAID,)} if spoken else {"without_quotes": "nobody of theirs ever answered us"}


def _item(plan: Plan, spec: StepSpec, content: Content, number: int) -> str:
    """What is said under one content; an estimate is a number of hours, short enough for the module (DIS-14)."""
    rules = plan.policy.fix_estimates
    asked = rules is not None and (spec.id, content.id) == (rules.step, rules.item)
    day = f" {_MILESTONE}" if content.dated else ""
    return _ESTIMATED if asked else f"{content.what}{day}, see document D-{number}"


def _text(plan: Plan, spec: StepSpec, number: int) -> str:
    kind = next((kind for kind in plan.policy.evidence if kind.name == spec.evidence.kind), None)
    form = _FORMS.get(spec.evidence.kind, "record {n}: {title}")
    text = form.format(n=number, m=number + 7, title=spec.title)
    return text if kind is None or _fits(kind, text) else kind.example


def _fits(kind: EvidenceKind, text: str) -> bool:
    return re.search(kind.pattern, text, re.IGNORECASE | re.DOTALL) is not None


def edits(catalogue: Catalogue, template: str, locale: str, at: datetime, luck: Random, nth: int) -> dict[str, str]:
    """The parts of a message that a person must write, in the language of the reader.

    ``nth`` counts the messages of the case before it, so that no personal word comes twice in a row. Dates lie two days
    after ``at``. A template that the catalogue does not know gets nothing, and its release is refused with a sentence.
    """
    if template not in catalogue.messages:
        return {}
    spec = catalogue.messages[template]
    asked = [part for part in spec.parts if part.required and part.instead_of is None]
    return {part.name: _part(part, locale, at, luck, nth) for part in asked}


def _part(part: PartSpec, locale: str, at: datetime, luck: Random, nth: int) -> str:
    if part.choices:
        return part.choices[0]
    if PartRule.NAMED in part.rules:
        return _NAMED
    texts, number = _table(part, locale), luck.randint(12, 48)
    text = texts[nth % len(texts)].format(n=number, m=number // 4, day=(at + timedelta(days=2)).date().isoformat())
    return "\n".join([text] * part.lines)


def _table(part: PartSpec, locale: str) -> Sequence[str]:
    if PartRule.OWN in part.rules:
        return _PERSONAL.get(locale, _PERSONAL["en"])
    words = _words(part)
    return (words.get(locale, words["en"]),)


def _words(part: PartSpec) -> Mapping[str, str]:
    if PartRule.DATED in part.rules:
        return _DATED
    if PartRule.TWO_FIGURES in part.rules:
        return _COMPARED
    return _GIVEN if part.given and not part.rules else _SPECIFIC
