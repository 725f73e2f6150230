"""Files of a product: each import touches the rows of the accounts that it names, and nobody else's."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from adapters.product_data.loading import ProductLoaded, load_product

TABLE = "content_documents"
HEAD = "id,account_id,title"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'product.db'}"


def loaded(tmp_path: Path, url: str, *rows: str, head: str = HEAD) -> ProductLoaded:
    folder = tmp_path / "product"
    folder.mkdir(exist_ok=True)
    (folder / f"{TABLE}.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return load_product(folder, url)


def kept(tmp_path: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(tmp_path / "product.db") as connection:
        return sorted(connection.execute(f"SELECT id, account_id, title FROM {TABLE}"))


def test_a_second_folder_leaves_the_rows_of_every_other_customer(tmp_path: Path, url: str) -> None:
    loaded(tmp_path, url, "d1,acc-1,Plan", "d2,acc-2,List")
    loaded(tmp_path, url, "d3,acc-3,Note")
    assert kept(tmp_path) == [("d1", "acc-1", "Plan"), ("d2", "acc-2", "List"), ("d3", "acc-3", "Note")]


def test_the_rows_of_an_account_that_the_folder_names_are_replaced(tmp_path: Path, url: str) -> None:
    loaded(tmp_path, url, "d1,acc-1,Plan", "d2,acc-1,List", "d4,acc-2,Memo")
    report = loaded(tmp_path, url, "d2,acc-1,List of prices", "d3,acc-1,Note", "d4,acc-2,Memo").files[0]
    assert kept(tmp_path) == [("d2", "acc-1", "List of prices"), ("d3", "acc-1", "Note"), ("d4", "acc-2", "Memo")]
    assert (report.file, report.created, report.changed, report.unchanged) == (f"product/{TABLE}.csv", 1, 1, 1)


def test_the_same_folder_twice_changes_nothing(tmp_path: Path, url: str) -> None:
    loaded(tmp_path, url, "d1,acc-1,Plan", "d2,acc-2,List")
    report = loaded(tmp_path, url, "d1,acc-1,Plan", "d2,acc-2,List").files[0]
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)


def test_an_id_of_another_customers_row_is_refused_and_the_rest_is_taken(tmp_path: Path, url: str) -> None:
    loaded(tmp_path, url, "d1,acc-1,Plan")
    done = loaded(tmp_path, url, "d1,acc-2,Mine now", "d2,acc-2,List")
    assert kept(tmp_path) == [("d1", "acc-1", "Plan"), ("d2", "acc-2", "List")]
    assert [str(error).partition(";")[0] for error in done.errors] == [f"product/{TABLE}.csv:2: 'd1' is a row of acc-1"]


def test_a_row_whose_new_version_is_broken_stays_as_it_was(tmp_path: Path, url: str) -> None:
    loaded(tmp_path, url, "d1,acc-1,Plan", "d2,acc-1,List")
    done = loaded(tmp_path, url, "d1,acc-1", "d2,acc-1,Prices")
    assert kept(tmp_path) == [("d1", "acc-1", "Plan"), ("d2", "acc-1", "Prices")]
    assert done.files[0].refused == 1


@pytest.mark.parametrize("head", ["id,account_id,body", "id,title,body"])
def test_a_file_with_other_columns_than_its_table_is_refused_whole(tmp_path: Path, url: str, head: str) -> None:
    loaded(tmp_path, url, "d1,acc-1,Plan")
    done = loaded(tmp_path, url, "d1,acc-1,Text", "d2,acc-1,Text", head=head)
    assert kept(tmp_path) == [("d1", "acc-1", "Plan")]
    assert len(done.errors) == 1
    assert "account_id" in done.errors[0].right
    assert (done.files[0].created, done.files[0].refused) == (0, 2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_a_file_that_a_spreadsheet_saved_is_read_or_its_encoding_named(tmp_path: Path, url: str, encoding: str) -> None:
    folder = tmp_path / "product"
    folder.mkdir()
    (folder / f"{TABLE}.csv").write_text(f"{HEAD}\nd1,acc-1,Größe\n", encoding=encoding)
    done = load_product(folder, url)
    if encoding == "utf-8-sig":
        assert (kept(tmp_path), done.errors) == ([("d1", "acc-1", "Größe")], ())
    else:
        assert [(error.line, "not UTF-8" in error.wrong) for error in done.errors] == [(2, True)]
