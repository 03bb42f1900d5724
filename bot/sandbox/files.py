"""Files on the sandbox's server, and the size of a picture read from its own bytes."""

import mimetypes
import struct
from secrets import token_hex

from bot.sandbox.model import StoredFile

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
# Frame headers of JPEG that carry the size; C4, C8 and CC are tables, not frames.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Files:
    """What was sent by anybody, found by file id or by the path that getFile gives."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def keep_photo(self, content: bytes) -> StoredFile | None:
        """Keep a PNG or JPEG picture; None when the bytes are no picture."""
        size = picture_size(content)
        if size is None:
            return None
        suffix = "png" if content.startswith(_PNG) else "jpg"
        return self._keep("photos", f"photo.{suffix}", content, size)

    def keep_document(self, name: str, content: bytes) -> StoredFile:
        return self._keep("documents", name, content, (0, 0))

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return next((file for file in self._by_id.values() if file.path == path), None)

    def _keep(self, folder: str, name: str, content: bytes, size: tuple[int, int]) -> StoredFile:
        number = len(self._by_id) + 1
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        file = StoredFile(
            file_id=f"{folder}-{token_hex(12)}",
            unique_id=token_hex(6),
            path=f"{folder}/file_{number}.{suffix}",
            name=name,
            mime_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            content=content,
            width=size[0],
            height=size[1],
        )
        self._by_id[file.file_id] = file
        return file


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, None for anything else."""
    try:
        if content.startswith(_PNG):
            return struct.unpack(">II", content[16:24])
        return _jpeg_size(content) if content.startswith(_JPEG) else None
    except struct.error:
        return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(content):
        mark, kind, length = struct.unpack(">BBH", content[at : at + 4])
        if mark != 0xFF:
            return None
        if kind in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
