"""What does not fit a model is refused in words for people, whatever the library beneath calls it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from models.base import Given, Id, Request, Utc
from models.commands import MakeCommitment
from models.misfit import sentence


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Wheel(Request):
    spokes: int


class Cart(Request):
    """A model that can be given wrongly in every way."""

    id: Id = "c"
    text: Annotated[str, Field(min_length=1, max_length=200)] = "t"
    code: Annotated[str, Field(min_length=3)] = "abc"
    colour: Colour = Colour.RED
    kind: Literal["hand", "ox"] = "hand"
    wheels: tuple[int, ...] = Field(default=(1,), min_length=1, max_length=2)
    weight: int = Field(default=1, ge=1, le=9)
    price: float = Field(default=1.0, gt=0, lt=9)
    sold: bool = False
    day: date = date(2026, 12, 4)
    at: Utc | None = None
    wheel: Wheel = Wheel(spokes=8)
    plate: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "ABC"
    owner: str = ""
    load: dict[str, int] = Field(default={}, max_length=2)

    @field_validator("owner")
    @classmethod
    def _known(cls, owner: str) -> str:
        if owner == "nobody":
            raise ValueError("somebody must own a cart")
        return owner


MOMENT = "must be a moment with its time zone, such as 2026-12-04T15:00+08:00"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"text": "x" * 20_000}, "text is too long: 20000 characters, at most 200"),
    ({"text": ""}, "text must not be empty"),
    ({"text": 4}, "text must be text"),
    ({"code": "a"}, "code is too short: 1 characters, at least 3"),
    ({"id": "a b"}, "id must be an id of letters, digits, '_', '.' and '-', at most 80 of them, not 'a b'"),
    ({"plate": "x" * 900}, f"plate must look like ^[A-Z]{{3}}$, not '{'x' * 59}…'"),
    ({"colour": "4"}, "colour must be one of 'red', 'green', not '4'"),
    ({"kind": "this or that"}, "kind must be one of 'hand', 'ox', not 'this or that'"),
    ({"wheels": ()}, "wheels must not be empty"),
    ({"wheels": (1, 2, 3)}, "wheels has too many entries: 3, at most 2"),
    ({"load": {"hay": 1, "corn": 2, "wood": 3}}, "load has too many entries: 3, at most 2"),
    ({"wheels": (1, "one")}, "wheels.1 must be a whole number"),
    ({"wheels": 4}, "wheels must be a list"),
    ({"weight": 1.5}, "weight must be a whole number"),
    ({"weight": 0}, "weight must be at least 1"),
    ({"weight": 10}, "weight must be at most 9"),
    ({"price": "dear"}, "price must be a number"),
    ({"price": 0}, "price must be more than 0.0"),
    ({"price": 9}, "price must be less than 9.0"),
    ({"sold": "perhaps"}, "sold must be true or false"),
    ({"day": "soon"}, "day must be a day, such as 2026-12-04"),
    ({"at": "soon"}, f"at {MOMENT}"),
    ({"at": "2026-12-04T15:00"}, f"at {MOMENT}"),
    ({"wheel": {}}, "wheel.spokes is missing"),
    ({"wheel": 4}, "wheel must be an object of named fields"),
    ({"sails": 2}, "sails is not known here"),
    ({"owner": "nobody"}, "owner: somebody must own a cart"),
    ({"text": "", "weight": 0}, "text must not be empty; weight must be at least 1"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_what_does_not_fit_is_said_plainly(given: dict[str, Any], said: str) -> None:
    assert refusal(Cart, given) == said


def test_a_value_that_is_no_object_is_named_as_a_whole() -> None:
    with pytest.raises(ValidationError) as wrong:
        Cart.model_validate("a cart")
    assert sentence(wrong.value, "input") == "input must be an object of named fields"


def test_the_words_of_the_library_are_never_seen() -> None:
    for given, _ in WRONG:
        said = refusal(Cart, given)
        assert not [leak for leak in ("Input should", "Value error", "String should", "Field required") if leak in said]


def test_a_promise_that_is_endless_is_not_read_back() -> None:
    promise = {"text": "y" * 20_000, "owner": "usr-12", "due": "2026-12-04T00:00Z", "source": "call", "by": "usr-01"}
    said = refusal(MakeCommitment, promise)
    assert said.startswith("text is too long: 20000 characters, at most ")
    assert len(said) < 80


def test_a_moment_of_another_century_keeps_its_own_words() -> None:
    class Kept(BaseModel):
        at: Given

    assert refusal(Kept, {"at": "1926-12-04T00:00Z"}) == "at: a moment lies in the years 2000 to 2199"


def refusal(model: type[BaseModel], given: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as wrong:
        model.model_validate(given)
    return sentence(wrong.value)
