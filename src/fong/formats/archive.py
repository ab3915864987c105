"""A workbook's parts, taken out of the zip with care: no bombs, no entities, no macros."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from xml.parsers import expat

from fong.errors import InputFault
from fong.formats.limits import MEGABYTE, Limits, too_much
from fong.model import Fault, Param, Place, message

_PARTS = 10_000
_CHUNK = 1 << 16
_LOCAL_HEADER = struct.Struct("<4s22xHH")


def refuse(code: str, source: str, **params: Param) -> InputFault:
    """The exception for a file that cannot be used at all."""
    return InputFault([Fault(message=message(code, **params), place=Place(source=source))])


class Archive:
    """The parts of a zip, each unpacked once, within the limits.

    Raises
    ------
    InputFault
        It is no zip, it is broken, encrypted, or its parts hide behind each other.
    Limit
        Unpacked it is too large.
    """

    def __init__(self, source: str, data: bytes, limits: Limits) -> None:
        self.source, self.data = source, data
        self.limits = limits
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as zipped:
                infos = zipped.infolist()
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError):
            raise refuse("formats.broken_zip", source) from None
        self.parts = {i.filename: i for i in infos}
        if len(self.parts) != len(infos) or len(infos) > _PARTS or any(i.flag_bits & 1 for i in infos):
            raise refuse("formats.broken_zip", source)
        if sum(i.file_size for i in infos) > limits.unpacked_mb * MEGABYTE:
            raise self.too_large()  # each part is held to what it says here

    def too_large(self) -> Exception:
        """The exception for a zip that unpacks to too much."""
        return too_much("formats.unpacked_too_large", source=self.source, limit_mb=self.limits.unpacked_mb)

    def names(self) -> Iterable[str]:
        """Names of all parts."""
        return self.parts

    def read(self, name: str) -> bytes:
        """A part's content, never more than the zip's directory promised for it.

        Raises
        ------
        InputFault
            No such part, or it is broken.
        Limit
            It unpacks to more than it said.
        """
        info = self.parts.get(name)
        if info is None:
            raise refuse("formats.broken_zip", self.source)
        header = self.data[info.header_offset : info.header_offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise refuse("formats.broken_zip", self.source)
        _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        packed = self.data[start : start + info.compress_size]
        content = self._unpack(info, packed)
        if len(content) != info.file_size:
            raise self.too_large() if len(content) > info.file_size else refuse("formats.broken_zip", self.source)
        return content

    def _unpack(self, info: zipfile.ZipInfo, packed: bytes) -> bytes:
        if info.compress_type == zipfile.ZIP_STORED:
            return packed
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise refuse("formats.broken_zip", self.source)
        try:
            return zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
        except zlib.error:
            raise refuse("formats.broken_zip", self.source) from None

    def xml(self, name: str) -> bytes:
        """An XML part without a document type, and so without entities.

        Raises
        ------
        InputFault
            It has one, or is broken.
        """
        content = self.read(name)
        refuse_doctype(self.source, content)
        return content


class _RootReached(Exception):
    pass


def refuse_doctype(source: str, content: bytes) -> None:
    """Look at an XML part up to its first element, in whatever encoding.

    Raises
    ------
    InputFault
        A document type is declared, or the part is not XML.
    """

    def doctype(*_: object) -> None:
        raise refuse("formats.entities", source)

    def root(*_: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        for start in range(0, len(content), _CHUNK):
            parser.Parse(content[start : start + _CHUNK])
        parser.Parse(b"", True)
    except _RootReached:
        return
    except expat.ExpatError:
        raise refuse("formats.broken_xml", source) from None
