"""Cells from the clipboard of a spreadsheet program."""

import pytest

from app.adapters.spreadsheets.reading import read_pasted
from domain.errors import Refused
from tests.app.adapters.spreadsheets.workbooks import rows_of


def test_quoted_cells_with_line_breaks_and_quotes_are_one_cell() -> None:
    book = read_pasted('No.\tText\r\n1\t"one\n""two"""\tx\r\n\r\n2\tplain\r\n')
    assert rows_of(book.sheets[0]) == [(1, ("No.", "Text")), (2, ("1", 'one\n"two"', "x")), (4, ("2", "plain"))]
    assert (book.name, book.kind, book.separator) == ("", "pasted", "\t")


def test_quotes_of_cells_in_one_line_are_their_text() -> None:
    sheet = read_pasted('"hi" he said\t"quoted"\t5" pipe\t"open\n').sheets[0]
    assert rows_of(sheet) == [(1, ('"hi" he said', '"quoted"', '5" pipe', '"open'))]


@pytest.mark.parametrize("text", ["", " \t \n\n", "\t\t\t"])
def test_nothing_pasted_is_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match="There are no cells in what you pasted."):
        read_pasted(text)
