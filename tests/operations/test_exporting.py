"""The ledger as tables that anybody opens, and that do nothing of their own accord."""

import base64
import csv
import hashlib
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.operations.exporting import CODES, LEFT_OUT, _cell, export
from bot.settings import StartError
from bot.storage.models import Table
from tests.databases import Postgresql, Sqlite
from tests.operations.ledgers import FORMULA, MOMENT, NFD, do, fill, rows

NOW = datetime(2027, 3, 1, 19, 0, tzinfo=UTC)


@pytest.fixture
def url(databases: Sqlite | Postgresql) -> str:
    found = databases.fresh("staged")
    fill(found)
    do(found, "INSERT INTO installation (key, value) VALUES ('signing_key', 'do not hand out')")
    do(found, "UPDATE memberships SET claim_code = 'ABCDEF' WHERE id = 1")
    return found


def test_every_row_is_there_and_the_manifest_counts_and_proves_it(url: str, tmp_path: Path) -> None:
    counts = export(url, tmp_path / "out", NOW)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["rows"] == counts == {name: n for name, n in rows(url).items() if name not in LEFT_OUT}
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    for name, count in counts.items():
        assert len(_read(tmp_path / "out" / f"{name}.csv")) == count


def test_values_stand_as_they_are_and_formulas_as_text(url: str, tmp_path: Path) -> None:
    export(url, tmp_path, NOW)
    assert _read(tmp_path / "import_batches.csv")[0]["name"] == f"'{FORMULA}"
    assert json.loads(_read(tmp_path / "import_batches.csv")[0]["units"]) == [{"tên": NFD}]
    [file] = _read(tmp_path / "files.csv")
    assert base64.b64decode(file["content"]) == bytes(range(256)) * 40
    assert datetime.fromisoformat(file["created_at"]) == MOMENT
    assert any(row["full_name"] == NFD for row in _read(tmp_path / "memberships.csv"))
    assert (tmp_path / "units.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # a spreadsheet then reads it as UTF-8


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert _cell(text) == f"'{text}"
    assert _cell(-1) == "-1"  # a number is no text


def test_what_opens_something_stays_here(url: str, tmp_path: Path) -> None:
    export(url, tmp_path, NOW)
    written = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert "do not hand out" not in written
    assert "ABCDEF" not in written
    assert not any((tmp_path / f"{name}.csv").exists() for name in LEFT_OUT)


def test_the_guide_beside_them_explains_every_table_and_column(url: str, tmp_path: Path) -> None:
    export(url, tmp_path, NOW)
    guide = (tmp_path / "README.md").read_text("utf-8")
    for table in Table.metadata.sorted_tables:
        if table.name not in LEFT_OUT:
            section = guide.split(f"## {table.name}.csv")[1].split("## ")[0]
            assert all(f"- `{column.name}`: " in section for column in table.columns), table.name
    assert {*LEFT_OUT, *CODES} <= {*Table.metadata.tables}


def test_only_its_owner_reads_it_and_nothing_is_written_over(url: str, tmp_path: Path) -> None:
    export(url, tmp_path / "out", NOW)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert (modes, stat.S_IMODE((tmp_path / "out").stat().st_mode)) == ({0o600}, 0o700)
    with pytest.raises(StartError, match="not empty"):
        export(url, tmp_path / "out", NOW)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
