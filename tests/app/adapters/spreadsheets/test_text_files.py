"""Text files: encodings, separators, quotes and the numbers of rows."""

import pytest

from app.adapters.spreadsheets.reading import read_file
from domain.errors import Refused
from tests.app.adapters.spreadsheets.workbooks import first_sheet, rows_of

TEXTS = {
    "cp1252": "id;pays;texte\r\n1;Côte d’Ivoire;Nommer un envoyé – à Genève, où l’été est passé\r\n",
    "cp1250": "št;naslov\n1;Človekove pravice žensk naj se spoštujejo\n",
    "cp1251": "№;Рекомендация\n1;Министерство юстиции должно опубликовать список\n",
    "cp1254": "sıra;öneri\n1;Adalet Bakanlığı her yıl listeyi yayımlamalı, şeffaflık için\n",
    "cp949": "번호,권고\n1,국회는 청문회를 연다\n2,법무부는 해마다 목록을 공개한다\n",
    "cp932": "番号,勧告\n1,政府は毎年リストを公表すること\n",
    "gb18030": "编号,建议\n1,国家应当每年公布有关的名单，并向人民报告\n",
    "big5": "編號,建議\n1,國家應當每年公布有關的名單，並向人民報告\n",
}
POLISH = "nr;zalecenie\n1;Ministerstwo powinno ogłosić listę, żeby każdy mógł ją znaleźć\n"
GERMAN = "Nr;Empfehlung\n1;Das Ministerium für Justiz veröffentlicht jährlich die Liste der Beschlüsse\n"


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_encoding_of_an_office_is_found(encoding: str) -> None:
    book = read_file("list.csv", TEXTS[encoding].encode(encoding))
    assert book.encoding == encoding
    assert [book.separator.join(row.cells) for row in book.sheets[0].rows] == TEXTS[encoding].splitlines()
    assert book.encodings[0].name == encoding
    assert book.encodings[0].unreadable == 0


@pytest.mark.parametrize(("text", "encoding"), [(POLISH, "cp1250"), (GERMAN, "cp1252")])
def test_letters_tell_one_windows_encoding_from_another(text: str, encoding: str) -> None:
    assert read_file("list.csv", text.encode(encoding)).encoding == encoding


def test_other_likely_encodings_are_listed_with_the_lines_that_differ() -> None:
    book = read_file("list.csv", TEXTS["cp1252"].encode("cp1252"))
    names = [choice.name for choice in book.encodings]
    assert names[0] == "cp1252"
    assert len(names) > 1
    samples = [choice.sample for choice in book.encodings]
    assert samples[0] == ("1;Côte d’Ivoire;Nommer un envoyé – à Genève, où l’été est passé",)
    assert len(set(samples)) == len(samples)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_unicode_file_is_known_with_and_without_a_mark(encoding: str) -> None:
    content = "번호\té\r\n1\t국회\r\n".encode(encoding)
    book = read_file("list.txt", content)
    assert rows_of(book.sheets[0]) == [(1, ("번호", "é")), (2, ("1", "국회"))]
    assert book.encoding.removesuffix("-sig") == encoding.removesuffix("-sig")


def test_the_person_chooses_another_encoding() -> None:
    content = "a;č\n".encode("cp1250")
    assert read_file("list.csv", content, encoding="cp1252").sheets[0].rows[0].cells == ("a", "è")
    assert read_file("list.csv", content, encoding="cp1250").sheets[0].rows[0].cells == ("a", "č")
    with pytest.raises(Refused, match="^Line 1 of “list.csv” is not written in utf-8. Choose another encoding"):
        read_file("list.csv", content, encoding="utf-8")
    with pytest.raises(Refused, match="“latin-99” is no encoding that is known here."):
        read_file("list.csv", content, encoding="latin-99")


def test_lines_in_another_encoding_than_the_rest_are_named() -> None:
    content = "a,é\nb,è\nc,ü\n".encode() + "d,ö\n".encode("cp1252")
    with pytest.raises(
        Refused, match="“list.csv” is written in two encodings: lines 4 are in another one than the rest."
    ):
        read_file("list.csv", content)
    with pytest.raises(Refused, match="lines 4 are in another one"):
        read_file("list.csv", content, encoding="utf-8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    rows = [["No.", "Recommendation", "Cost"], ["1", "Publish the list", "1.5"], ["2", "Hold a hearing", ""]]
    book = read_file("list.csv", "\n".join(separator.join(row) for row in rows).encode())
    assert (book.separator, book.separator_is_stated) == (separator, False)
    assert book.sheets[0].rows[1].cells == ("1", "Publish the list", "1.5")


def test_decimal_commas_do_not_make_the_separator_a_comma() -> None:
    book = read_file("list.csv", b"Nr;Titel;Kosten\n1;a, b;1,5\n2;c;2,5\n3;d, e, f;3,5\n")
    assert book.separator == ";"
    assert [(c.separator, c.fewest, c.most) for c in book.separators] == [(";", 3, 3), (",", 1, 4)]


def test_a_title_above_the_header_does_not_hide_the_separator() -> None:
    book = read_file("list.csv", b"Our report\n\nNo.;Title;Status\n1;a;b\n")
    assert rows_of(book.sheets[0]) == [(1, ("Our report",)), (3, ("No.", "Title", "Status")), (4, ("1", "a", "b"))]


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=;\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_a_stated_separator_is_used_and_its_line_is_no_row(first: str) -> None:
    book = read_file("list.csv", f"{first}a;b,c,d\n1;2,3,4\n".encode())
    assert (book.separator, book.separator_is_stated) == (";", True)
    assert rows_of(book.sheets[0]) == [(1, ("a", "b,c,d")), (2, ("1", "2,3,4"))]


def test_the_person_chooses_another_separator() -> None:
    assert first_sheet_cells(b"sep=;\na;b,c\n", ",") == ("a;b", "c")


def first_sheet_cells(content: bytes, separator: str) -> tuple[str, ...]:
    return read_file("list.csv", content, separator=separator).sheets[0].rows[0].cells


def test_a_row_is_what_the_spreadsheet_program_numbers() -> None:
    content = b'a,b\r\n"one\r\ntwo",x\r\n\r\n,,\r\n" ",\r\n"say ""hi""",y,,\r\n'
    assert rows_of(first_sheet(content, "list.csv")) == [
        (1, ("a", "b")),
        (2, ("one\ntwo", "x")),
        (6, ('say "hi"', "y")),
    ]


def test_line_ends_of_old_macs_end_rows() -> None:
    assert rows_of(first_sheet(b"a,b\r1,2\r\r3,4", "list.csv")) == [(1, ("a", "b")), (2, ("1", "2")), (4, ("3", "4"))]


def test_text_after_a_closing_quote_is_read_and_named() -> None:
    sheet = first_sheet(b'a,b\n"Quoted" text,2\nplain "quotes" inside,3\n', "list.csv")
    assert [row.cells for row in sheet.rows] == [("a", "b"), ("Quoted text", "2"), ('plain "quotes" inside', "3")]
    assert sheet.problems == (
        "Row 2: text follows a closing quote. It is read without these quotes. Double the quotes inside a quoted cell.",
    )


@pytest.mark.parametrize(
    "content",
    [
        b'a,b,c\n1,"never closed,2\n3,4,5\n',
        b'a,b,c\n1,"never closed,2\n3,4,5\n6,"x" y,7\n',
    ],
)
def test_a_quote_that_hides_rows_is_refused_by_row(content: bytes) -> None:
    with pytest.raises(Refused, match="Row 2 of “list.csv”: a quote begins a cell and is not closed."):
        read_file("list.csv", content)


def test_a_cell_that_swallowed_rows_is_named() -> None:
    sheet = first_sheet(b'a,b,c\n1,"x\n2,3,4\n5",6\n', "list.csv")
    assert sheet.problems == (
        "Row 2: a cell has line breaks, and its lines look like rows. If they are rows, a quote is missing or too many "
        "in row 2.",
    )


@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "list.xlsx", "list"])
def test_a_text_is_known_by_its_content(name: str) -> None:
    book = read_file(name, b"BMI\tRIFF\n1\t2\n")
    assert (book.kind, book.separator, len(book.digest)) == ("text", "\t", 64)


def test_one_column_needs_no_separator() -> None:
    assert rows_of(first_sheet(b"Recommendation\nPublish the list\n", "list.csv")) == [
        (1, ("Recommendation",)),
        (2, ("Publish the list",)),
    ]


def test_a_few_names_among_much_punctuation_tell_the_alphabet() -> None:
    """Curly quotes and dashes are the same in many encodings; letters of two scripts in a word are odd in each."""
    states = ("Türkiye", "Côte d’Ivoire", "España", "Germany", "Brazil")
    lines = [f"{n};Protect minorities in “Maribor – {n}” and report on the measures;{states[n % 5]}" for n in range(60)]
    workbook = read_file("upr.csv", "\n".join(["No.;Recommendation;State", *lines]).encode("cp1252"))
    assert workbook.encoding == "cp1252"
    samples = [choice.sample for choice in workbook.encodings]
    assert len(set(samples)) == len(samples), "the lines read differently, so that a person can choose"
    assert "Côte" in "".join(samples[0])
