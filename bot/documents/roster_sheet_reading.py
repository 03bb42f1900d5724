"""A file that somebody sent, read as a table by what it holds, not by what its name ends in."""

from bot.documents.roster_sheet_csv import Headings, names_headings, read_csv
from bot.documents.roster_sheet_xlsx import read_xlsx
from bot.domain.rosters.table import Table, Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any Office file with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")


def read_table(content: bytes, headings: Headings = names_headings) -> Table:
    """The rows of a workbook (.xlsx) or of a table of text (.csv); Unreadable says what is wrong with it.

    `headings` knows those of the table that is expected: a table of text is separated so that it finds the most.
    """
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith(_OLE):
        raise Unreadable("locked" if _ENCRYPTED in content else "old_excel")
    if content.startswith(_ZIP):
        return read_xlsx(content)
    if content.startswith(_OTHERS) or _is_markup(content):
        raise Unreadable("other_format")
    return read_csv(content, headings)


def _is_markup(content: bytes) -> bool:
    """A web page or XML that was named .xls or .csv, as some programs do."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table"))
