import contextlib
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from louzhang.kit import images
from louzhang.kit.containers import OLE_MAGIC
from louzhang.kit.images import BadUpload, UploadKind, check_upload, reencode

SECRETS = (b"SECRETCAMERA", b"SECRETOWNER", b"SECRETCOMMENT", b"SECRETXMP", b"\x00\x00\x00\x27\x00\x00\x00\x01")


def exif_of_a_phone(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif[0x013B] = "SECRETOWNER"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 27.0), 3: "E", 4: (116.0, 24.0, 14.0)})
    return exif


def two_halves(size: tuple[int, int] = (800, 600), mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return picture.convert(mode)


def written(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def is_red(pixel: Any) -> bool:
    return bool(pixel[0] > 180 and pixel[2] < 70)


def word_file(*more: str, types: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        archive.writestr("word/document.xml", "<document/>")
        for name in more:
            archive.writestr(name, b"content")
    return stream.getvalue()


def refusal(content: bytes, declared: str = "", size: int = 0) -> str:
    with pytest.raises(BadUpload) as refused:
        check_upload(io.BytesIO(content), declared, size)
    assert str(refused.value).endswith("。")
    return str(refused.value)


def test_position_names_and_comments_are_gone_from_a_photo() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>SECRETXMP</a></x:xmpmeta>'
    photo = written(two_halves(), exif=exif_of_a_phone(), comment="SECRETCOMMENT", xmp=xmp)
    assert all(secret in photo for secret in SECRETS[:4])
    assert opened(photo).getexif().get_ifd(0x8825)
    result = reencode(photo)
    for made in (result.full, result.thumbnail):
        assert not any(secret in made for secret in SECRETS)
        picture = opened(made)
        assert not dict(picture.getexif())
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(picture.info)


def test_metadata_of_png_and_webp_are_gone_too() -> None:
    notes = PngInfo()
    notes.add_text("Author", "SECRETOWNER")
    notes.add_itxt("XML:com.adobe.xmp", "SECRETXMP")
    png = written(two_halves(), "PNG", pnginfo=notes, exif=exif_of_a_phone())
    webp = written(two_halves(), "WEBP", exif=exif_of_a_phone(), xmp=b"SECRETXMP")
    for photo in (png, webp):
        result = reencode(photo)
        assert not any(secret in result.full + result.thumbnail for secret in SECRETS)


@pytest.mark.parametrize(
    ("orientation", "red", "blue"),
    [
        (1, (0.1, 0.5), (0.9, 0.5)),
        (2, (0.9, 0.5), (0.1, 0.5)),
        (3, (0.9, 0.5), (0.1, 0.5)),
        (4, (0.1, 0.5), (0.9, 0.5)),
        (5, (0.5, 0.1), (0.5, 0.9)),
        (6, (0.5, 0.1), (0.5, 0.9)),
        (7, (0.5, 0.9), (0.5, 0.1)),
        (8, (0.5, 0.9), (0.5, 0.1)),
    ],
)
def test_a_photo_stands_upright(orientation: int, red: tuple[float, float], blue: tuple[float, float]) -> None:
    result = reencode(written(two_halves(), exif=exif_of_a_phone(orientation)))
    picture = opened(result.full)
    assert picture.size == (result.width, result.height) == ((800, 600) if orientation < 5 else (600, 800))
    assert is_red(picture.getpixel((int(red[0] * picture.width), int(red[1] * picture.height))))
    assert not is_red(picture.getpixel((int(blue[0] * picture.width), int(blue[1] * picture.height))))


@pytest.mark.parametrize(
    ("size", "full", "thumbnail"),
    [
        ((4032, 3024), (1600, 1200), (320, 240)),
        ((3024, 4032), (1200, 1600), (240, 320)),
        ((300, 200), (300, 200), (300, 200)),
        ((5000, 10), (1600, 3), (320, 1)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
def test_a_photo_becomes_small_but_never_larger(
    size: tuple[int, int], full: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    result = reencode(written(two_halves(size)))
    assert (result.width, result.height) == opened(result.full).size == full
    assert opened(result.thumbnail).size == thumbnail


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpegs_of_every_mode_become_rgb(mode: str) -> None:
    assert opened(reencode(written(two_halves(mode=mode))).full).mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"])
def test_pngs_of_every_mode_become_rgb(mode: str) -> None:
    picture = (
        Image.new("I;16", (90, 60), 65535) if mode == "I;16" else two_halves((90, 60)).convert(mode.replace("PA", "P"))
    )
    assert opened(reencode(written(picture, "PNG")).full).mode == "RGB"


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    result = reencode(written(Image.new("I;16", (90, 60), 0x8000), "PNG"))
    assert opened(result.full).getpixel((45, 30)) == pytest.approx((128, 128, 128), abs=2)


def test_what_was_transparent_becomes_white() -> None:
    result = reencode(written(Image.new("RGBA", (90, 60), (0, 0, 0, 0)), "PNG"))
    assert opened(result.full).getpixel((45, 30)) == (255, 255, 255)


def test_colours_are_converted_before_the_profile_is_dropped() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    result = reencode(written(two_halves(), icc_profile=lab))
    assert "icc_profile" not in opened(result.full).info
    assert is_red(opened(result.full).getpixel((100, 300)))


def test_a_broken_profile_or_exif_does_not_refuse_the_photo() -> None:
    assert reencode(written(two_halves(), icc_profile=b"no profile")).width == 800
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert reencode(written(two_halves(), exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff")).width == 800


def test_a_photo_is_read_from_a_file(tmp_path: Path) -> None:
    place = tmp_path / "photo.jpg"
    place.write_bytes(written(two_halves()))
    assert reencode(place).width == reencode(str(place)).width == 800


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_photo_cut_short_is_refused(kind: str, share: float) -> None:
    photo = written(Image.effect_noise((400, 300), 80).convert("RGB"), kind)
    with pytest.raises(BadUpload, match="没有传完整"):
        reencode(photo[: int(len(photo) * share)])


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"GIF89a" + b"\x00" * 50, b"<svg/>", b"\x89PNG\r\n\x1a\n" * 9]
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(BadUpload):
        reencode(content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUpload):
        reencode(tmp_path / "nothing.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@hypothesis_settings(deadline=None, max_examples=60)
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4))
def test_a_photo_changed_at_random_is_read_or_refused(kind: str, changes: list[tuple[float, bytes]]) -> None:
    photo = bytearray(written(two_halves((64, 48)), kind, exif=exif_of_a_phone()))
    for share, bytes_there in changes:
        start = int(share * len(photo))
        photo[start : start + len(bytes_there)] = bytes_there
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of the broken metadata it skips
        try:
            result = reencode(bytes(photo))
        except BadUpload:
            return
    assert opened(result.full).mode == "RGB"


def bomb(width: int, height: int, kind: str) -> bytes:
    photo = bytearray(written(Image.new("L", (16, 16)), kind))
    if kind == "PNG":
        photo[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
        photo[29:33] = zlib.crc32(photo[12:29]).to_bytes(4, "big")
    else:
        start = photo.index(b"\xff\xc0") + 5
        photo[start : start + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(photo)


@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [(6000, 6000, "PNG"), (60000, 60000, "PNG"), (65000, 65000, "JPEG"), (9000, 9000, "JPEG")],
)
def test_a_picture_that_unfolds_to_a_giant_is_refused_before_decoding(width: int, height: int, kind: str) -> None:
    with pytest.raises(BadUpload):
        reencode(bomb(width, height, kind))
    refusal(bomb(width, height, kind))


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (lambda: written(two_halves()), "image/jpeg", UploadKind.JPEG),
        (lambda: written(two_halves()), "image/png", UploadKind.JPEG),
        (lambda: written(two_halves(), "PNG"), "application/octet-stream", UploadKind.PNG),
        (lambda: written(two_halves(), "WEBP"), "", UploadKind.WEBP),
        (lambda: b"%PDF-1.7\n...", "application/pdf", UploadKind.PDF),
        (word_file, "", UploadKind.DOCX),
        (lambda: OLE_MAGIC + bytes(600) + "WordDocument".encode("utf-16-le"), "application/msword", UploadKind.DOC),
    ],
)
def test_an_upload_is_known_by_its_content(content: Callable[[], bytes], declared: str, kind: UploadKind) -> None:
    stream = io.BytesIO(content())
    assert check_upload(stream, declared, 10) is kind
    assert stream.tell() == 0
    assert kind.is_photo == kind.media_type.startswith("image/")


def test_wrong_kinds_are_refused() -> None:
    for content in (b"MZ\x90\x00", b"<html>", b"GIF89a", b"BM", b"\x00" * 50, "水管漏水".encode()):
        assert "只能上传" in refusal(content)
    assert "空" in refusal(b"")
    assert "HEIC" in refusal(b"\x00\x00\x00\x18ftypheic" + bytes(40))
    assert "不是照片" in refusal(b"%PDF-1.7", "image/jpeg")


def test_files_too_large_are_refused_by_what_they_are_not_by_what_they_say() -> None:
    photo = written(two_halves())
    assert "15 MB" in refusal(photo + bytes(images.PHOTO_BYTES), size=1)
    assert "15 MB" in refusal(photo, size=images.PHOTO_BYTES + 1)
    assert "20 MB" in refusal(b"%PDF-1.7", size=images.FILE_BYTES + 1)


def test_word_files_with_macros_or_locks_are_refused() -> None:
    assert "宏" in refusal(word_file("word/vbaProject.bin"))
    assert "宏" in refusal(word_file(types="application/vnd.ms-word.document.macroEnabled.main+xml"))
    ole = OLE_MAGIC + bytes(600) + "WordDocument".encode("utf-16-le")
    assert "宏" in refusal(ole + "_VBA_PROJECT".encode("utf-16-le"))
    assert "密码" in refusal(OLE_MAGIC + bytes(600) + "EncryptedPackage".encode("utf-16-le"))


def test_archives_that_are_no_word_file_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "只能上传" in refusal(stream.getvalue())
    assert "只能上传" in refusal(OLE_MAGIC + bytes(600))
    assert "损坏" in refusal(word_file()[:60])


def test_a_word_file_that_unfolds_to_a_giant_is_refused() -> None:
    stream = io.BytesIO(word_file())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", bytes(310 * 1024 * 1024))
    assert len(stream.getvalue()) < images.FILE_BYTES
    assert "损坏" in refusal(stream.getvalue())


@hypothesis_settings(deadline=None, max_examples=60)
@given(start=st.floats(0, 1), there=st.binary(min_size=1, max_size=40))
def test_a_word_file_changed_at_random_is_taken_or_refused(start: float, there: bytes) -> None:
    content = bytearray(word_file())
    place = int(start * len(content))
    content[place : place + len(there)] = there
    with contextlib.suppress(BadUpload):
        assert check_upload(io.BytesIO(bytes(content)), "", 0) in UploadKind
