"""Files from strangers: what may be uploaded, and photos made small, upright and free of everything but the picture."""

import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, ImageCms

from louzhang.kit.containers import OLE_MAGIC, ZIP_MAGIC, BadContainer, entry_names, entry_text, ole_holds

PHOTO_BYTES = 15 * 1024 * 1024
FILE_BYTES = 20 * 1024 * 1024
JPEG_PIXELS = 50_000_000
OTHER_PIXELS = 25_000_000
FULL_SIDE = 1600
THUMBNAIL_SIDE = 320

_HEAD = 1024
_QUALITY = 82
_THUMBNAIL_QUALITY = 78
_PATCHES = 4
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# What Pillow raises on broken input, gathered from its decoders.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

WRONG_KIND = "只能上传照片（JPG、PNG、WebP）、PDF 或 Word 文件，请换一个文件。"
BROKEN_PHOTO = "这张照片打不开，可能没有传完整，请重新拍摄或另选一张。"
HUGE_PHOTO = "这张照片的尺寸太大，请用手机缩小后再上传。"
BROKEN_WORD = "这个 Word 文件打不开，可能已损坏，请重新保存后再上传。"
LOCKED_WORD = "这个 Word 文件设有密码，请去掉密码后再上传。"
MACRO_WORD = "这个 Word 文件带有宏，为了安全不能接收，请另存为不带宏的 docx 后再上传。"


class BadUpload(ValueError):
    """The file is refused; the message is for the person who chose it."""


class TooBig(BadUpload):
    """The file has more bytes than its kind may have."""


class UploadKind(Enum):
    """What an upload really is, whatever its name says."""

    JPEG = (".jpg", "image/jpeg")
    PNG = (".png", "image/png")
    WEBP = (".webp", "image/webp")
    PDF = (".pdf", "application/pdf")
    DOC = (".doc", "application/msword")
    DOCX = (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")

    @property
    def suffix(self) -> str:
        """The suffix under which it is stored and offered."""
        return self.value[0]

    @property
    def media_type(self) -> str:
        """The media type under which it is served."""
        return self.value[1]

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture that is re-encoded before anyone sees it."""
        return self in (UploadKind.JPEG, UploadKind.PNG, UploadKind.WEBP)


@dataclass(frozen=True, slots=True)
class Reencoded:
    """A photo as it is kept: JPEG of at most 1600 pixels a side and its thumbnail of at most 320."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int


# Left, top, width and height as shares of the picture, 0 to 1.
Box = tuple[float, float, float, float]


def check_upload(stream: BinaryIO, declared_type: str, size: int) -> UploadKind:
    """Tell what an upload is by its content, or refuse it with ``BadUpload``. The stream is left at its start.

    Photos up to 15 MB, PDF and Word files without macros up to 20 MB.
    """
    size = max(size, stream.seek(0, io.SEEK_END))
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head:
        raise BadUpload("这个文件是空的，请重新选择。")
    kind = _kind_by_head(head)
    if declared_type.startswith("image/") and not kind.is_photo:
        raise BadUpload("这个文件不是照片，请重新选择。")
    if size > (PHOTO_BYTES if kind.is_photo else FILE_BYTES):
        raise TooBig(
            "照片不能超过 15 MB，请缩小后再上传。" if kind.is_photo else "文件不能超过 20 MB，请压缩后再上传。"
        )
    _check_inside(stream, kind)
    stream.seek(0)
    return kind


def reencode(source: Path | str | bytes, blurred: Sequence[Box] = ()) -> Reencoded:
    """Decode a photo and write it anew: upright, in sRGB, small, with no metadata of any kind.

    The `blurred` parts are beyond recognition afterwards. Refuses with ``BadUpload`` what is broken, cut
    short or too large to decode safely.
    """
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=_FORMATS) as photo:
            _check_pixels(photo)
            full = _upright(_small(photo), _orientation(photo))
    except _BROKEN as error:
        raise error if isinstance(error, BadUpload) else BadUpload(BROKEN_PHOTO) from error
    for box in blurred:
        _blur(full, box)
    thumbnail = full.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Reencoded(
        full=_jpeg(full, _QUALITY),
        thumbnail=_jpeg(thumbnail, _THUMBNAIL_QUALITY),
        width=full.width,
        height=full.height,
    )


_FORMATS: Final = ("JPEG", "PNG", "WEBP")


def _kind_by_head(head: bytes) -> UploadKind:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise BadUpload("暂不支持 HEIC 格式的照片，请在手机相机设置里选择“兼容性最佳”，或截图后上传。")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return UploadKind.WEBP
    if b"%PDF-" in head:
        return UploadKind.PDF
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    raise BadUpload(WRONG_KIND)


_MAGIC: Final = (
    (b"\xff\xd8\xff", UploadKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", UploadKind.PNG),
    (ZIP_MAGIC, UploadKind.DOCX),
    (OLE_MAGIC, UploadKind.DOC),
)


def _check_inside(stream: BinaryIO, kind: UploadKind) -> None:
    stream.seek(0)
    if kind.is_photo:
        try:
            with Image.open(io.BytesIO(stream.read()), formats=_FORMATS) as photo:
                _check_pixels(photo)
        except _BROKEN as error:
            raise error if isinstance(error, BadUpload) else BadUpload(BROKEN_PHOTO) from error
    elif kind is UploadKind.DOCX:
        _check_docx(stream)
    elif kind is UploadKind.DOC:
        _check_doc(stream.read())


def _check_docx(stream: BinaryIO) -> None:
    try:
        names = entry_names(stream)
    except BadContainer as error:
        raise BadUpload(BROKEN_WORD) from error
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise BadUpload(WRONG_KIND)
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    if macro or b"macroenabled" in entry_text(stream, "[Content_Types].xml").lower():
        raise BadUpload(MACRO_WORD)


def _check_doc(content: bytes) -> None:
    if ole_holds(content, "EncryptedPackage"):
        raise BadUpload(LOCKED_WORD)
    if not ole_holds(content, "WordDocument"):
        raise BadUpload(WRONG_KIND)
    if ole_holds(content, "_VBA_PROJECT"):
        raise BadUpload(MACRO_WORD)


def _check_pixels(photo: Image.Image) -> None:
    most = JPEG_PIXELS if photo.format == "JPEG" else OTHER_PIXELS
    if photo.width * photo.height > most:
        raise BadUpload(HUGE_PHOTO)


def _orientation(photo: Image.Image) -> int:
    try:
        return int(photo.getexif().get(_ORIENTATION_TAG, 1))
    except _BROKEN:
        return 1


def _small(photo: Image.Image) -> Image.Image:
    target = _fitting(photo.size, FULL_SIDE)
    profile = photo.info.get("icc_profile")
    photo.draft(None, target)  # a large JPEG is decoded at a half, a quarter or an eighth
    photo.load()
    picture = _plain_mode(photo)
    if picture.size != target:
        picture = picture.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _in_srgb(_on_white(picture), profile)


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _plain_mode(photo: Image.Image) -> Image.Image:
    if photo.mode.startswith("I"):
        return photo.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if photo.has_transparency_data:
        return photo.convert("RGBA")
    return photo if photo.mode in ("RGB", "L", "CMYK") else photo.convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            converted = ImageCms.profileToProfile(picture, io.BytesIO(profile), _srgb(), outputMode="RGB")
        except (ImageCms.PyCMSError, *_BROKEN):
            return picture.convert("RGB")
        return converted or picture.convert("RGB")
    return picture.convert("RGB")


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return picture.transpose(turn) if turn is not None else picture


def _blur(picture: Image.Image, box: Box) -> None:
    """Leave of a part nothing but a few soft patches: what they were the average of cannot be told from them."""
    left, top, width, height = box
    across, down = picture.size
    first = (max(0, int(left * across)), max(0, int(top * down)))
    last = (min(across, ceil((left + width) * across)), min(down, ceil((top + height) * down)))
    if first[0] >= last[0] or first[1] >= last[1]:
        return
    part = picture.crop((*first, *last))
    patches = part.resize((min(_PATCHES, part.width), min(_PATCHES, part.height)), Image.Resampling.BOX)
    picture.paste(patches.resize(part.size, Image.Resampling.BICUBIC), first)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    picture.info.clear()  # Pillow would write a comment it had read
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()
