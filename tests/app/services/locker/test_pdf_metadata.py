"""What a PDF says about itself fills the form of a source; a broken or hostile one gives a sentence, and costs little."""

import zlib
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from app.services.locker.page_metadata import PageMetadata
from app.services.locker.page_reading import MAX_PAGE_BYTES, PageReading, read_pages
from app.services.locker.pdf_metadata import MAX_PDF_BYTES, read_pdf
from domain.errors import Refused
from tests.support.sites import reach, site

INFO = {"/Title": "A report", "/Author": "The House", "/CreationDate": "D:20230614093000+09'00'"}
REPORT = PageMetadata(title="A report", publisher="The House", published_on="2023-06-14", language="ko")
UNREADABLE = "The PDF could not be read. Fill in the fields yourself."


def _pdf(info: dict[str, str], language: str = "", padding: int = 0, password: str = "") -> bytes:
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata(info)
    if language:
        writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    if padding:
        writer.add_attachment("padding", bytes(padding))
    if password:
        writer.encrypt(password)
    writer.write(file)
    return file.getvalue()


def _bomb() -> bytes:
    """A file of a few kilobytes whose list of objects takes hundreds of megabytes."""
    zeros = zlib.compressobj(9)
    packed = b"".join(zeros.compress(bytes(2**24)) for _ in range(20)) + zeros.flush()
    head = b"%PDF-1.7\n"
    stream = b"1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return head + stream + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def test_title_author_day_and_language_are_read() -> None:
    assert read_pdf(_pdf(INFO, "ko-KR")) == REPORT
    assert read_pdf(_pdf({"/Title": "Only a title"})) == PageMetadata(title="Only a title")


def test_the_name_of_a_file_is_no_title() -> None:
    for title in ("Microsoft Word - draft_3.docx", "report.indd", ""):
        assert read_pdf(_pdf({"/Title": title, "/CreationDate": "D:2023"})) == PageMetadata(published_on="2023")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 \x00\xff", _pdf(INFO, password="unknown"), _bomb()], ids=["broken", "locked", "bomb"]
)
def test_a_file_that_cannot_be_read_gives_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_pdf(content)
    assert str(refused.value.refusals[0]) == UNREADABLE


def test_an_address_of_a_pdf_is_read_like_a_page_also_a_long_one() -> None:
    with site("127.0.0.2") as outside:
        outside.show("/report.pdf", _pdf(INFO, "ko"), Content_Type="application/pdf")
        outside.show("/long.pdf", _pdf(INFO, "ko", padding=2 * MAX_PAGE_BYTES), Content_Type="application/octet-stream")
        outside.show("/empty.pdf", _pdf({}))
        outside.show("/broken.pdf", b"%PDF-1.4 nothing")
        outside.show("/huge.pdf", b"%PDF-1.4" + bytes(MAX_PDF_BYTES))
        names = ("report", "long", "empty", "broken", "huge")
        urls = {name: f"http://127.0.0.2:{outside.port}/{name}.pdf" for name in names}
        readings = read_pages(reach({}, outside), urls.values())
    assert readings[urls["report"]] == readings[urls["long"]] == PageReading(REPORT)
    assert [str(readings[urls[name]].problem) for name in names[2:]] == [
        "The PDF says nothing about itself. Fill in the fields yourself.",
        UNREADABLE,
        "The PDF is larger than 20 MB, so it was not read. Fill in the fields yourself.",
    ]
