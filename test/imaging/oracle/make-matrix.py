"""Writes matrix.json: small files of every kind, and the pixels that Pillow (with libjpeg-turbo) finds in them.

In a virtual environment with the packages of requirements.txt beside this file: python make-matrix.py
"""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image, features

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = 19, 13
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
#: First column and row and the steps of Adam7's passes (PNG specification, section 8.1).
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(samples: np.ndarray, depth: int) -> bytes:
    """The lines of a picture (height, width, channels), each with filter 0, at `depth` bits a sample."""
    height, width, channels = samples.shape
    lines = []
    for row in samples.reshape(height, width * channels):
        if depth == 16:
            data = row.astype(">u2").tobytes()
        else:
            bits = (row[:, None] >> np.arange(depth - 1, -1, -1)) & 1
            data = np.packbits(bits.astype(np.uint8).ravel()).tobytes()
        lines.append(b"\0" + data)
    return b"".join(lines)


def png(samples: np.ndarray, colour: int, depth: int, interlaced: bool, extra: bytes, behind: bytes) -> bytes:
    height, width, _ = samples.shape
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    parts = [samples[y::dy, x::dx] for x, y, dx, dy in passes]
    data = b"".join(packed(part, depth) for part in parts if part.size > 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))
        + extra
        + chunk(b"IDAT", zlib.compress(data, 9))
        + chunk(b"IEND", b"")
        + behind
    )


def png_cases(random: np.random.Generator):
    for colour, keyed, interlaced in product(CHANNELS, (False, True), (False, True)):
        for depth in DEPTHS[colour]:
            if keyed and colour in (4, 6):
                continue  # PNG has no tRNS where it has alpha.
            most = 2**depth - 1
            samples = random.integers(0, most + 1, size=(HEIGHT, WIDTH, CHANNELS[colour]))
            if colour != 3:
                samples[:, : WIDTH // 2] = samples[0, 0]
            extra = b""
            palette = random.integers(0, 256, size=(most + 1, 3), dtype=np.uint8)
            if colour == 3:
                extra = chunk(b"PLTE", palette.tobytes())
            if keyed:
                key = bytes(range(0, most + 1)) if colour == 3 else samples[0, 0].astype(">u2").tobytes()
                extra += chunk(b"tRNS", key)
            behind = b"behind the end" if interlaced else b""
            name = f"png-{colour}-{depth}{'-keyed' if keyed else ''}{'-interlaced-with-more-behind' if interlaced else ''}"
            file = png(samples, colour, depth, interlaced, extra, behind)
            # Sample depth scaling by section 13.12, to the nearest level.
            levels = palette[samples[..., 0]] if colour == 3 else np.floor(samples * 255 / most + 0.5)
            grey = colour in (0, 4)
            rgb = np.repeat(levels[..., :1], 3, axis=2) if grey else levels[..., :3]
            check_pillow(name, file, rgb.astype(np.uint8), depth, colour)
            yield name, file, rgb.astype(np.uint8)


def check_pillow(name: str, file: bytes, rgb: np.ndarray, depth: int, colour: int) -> None:
    """Pillow finds the same; of 16 bits it keeps the upper eight, which is one level less for some."""
    image = Image.open(io.BytesIO(file))
    image.load()
    if colour == 0 and depth == 16:
        found = np.repeat((np.asarray(image).astype(np.int64) >> 8)[..., None], 3, axis=2)
    else:
        # By way of RGBA, so that colours behind transparency stay as they are stored.
        found = np.asarray(image.convert("RGBA").convert("RGB")).astype(np.int64)
    worst = int(np.abs(found - rgb).max())
    if worst > (1 if depth == 16 else 0):
        raise ValueError(f"{name}: Pillow differs by {worst}")


def segment_at(file: bytes, markers: tuple[int, ...]) -> int:
    at = 2
    while file[at + 1] not in markers:
        at += 2 + struct.unpack(">H", file[at + 2 : at + 4])[0]
    return at


def without_segment(file: bytes, marker: int) -> bytes:
    at = segment_at(file, (marker,))
    return file[:at] + file[at + 2 + struct.unpack(">H", file[at + 2 : at + 4])[0] :]


def with_ids(file: bytes, ids: bytes) -> bytes:
    """The components renamed, in the frame header and in every scan header."""
    changed = bytearray(file)
    frame = segment_at(file, (0xC0, 0xC1, 0xC2))
    old = {changed[frame + 10 + 3 * index]: new for index, new in enumerate(ids)}
    for index in range(3):
        changed[frame + 10 + 3 * index] = ids[index]
    at = file.find(b"\xff\xda")
    while at >= 0:
        for index in range(file[at + 4]):
            changed[at + 5 + 2 * index] = old[file[at + 5 + 2 * index]]
        at = file.find(b"\xff\xda", at + 2)
    return bytes(changed)


def jpeg(picture: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=97, **options)
    return buffer.getvalue()


def adobe(file: bytes, transform: int) -> bytes:
    return file[:2] + b"\xff\xee\x00\x0eAdobe" + struct.pack(">HHHB", 100, 0, 0, transform) + file[2:]


def smooth(width: int, height: int) -> Image.Image:
    """Strong detail in light, little in colour: how halved colours are spread over pixels is each decoder's own affair."""
    y, x = np.mgrid[0:height, 0:width]
    light = 110 + 70 * np.sin(x * 0.9) * np.cos(y * 0.7)
    rgb = np.stack([light - 40 + x * 0.5, light + 10 + y * 0.25, light - 30], axis=2)
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


def jpeg_cases():
    for width, height in ((33, 25), (17, 19)):
        picture = smooth(width, height)
        size = f"{width}x{height}"
        for subsampling, progressive, restart in product((0, 1, 2), (False, True), (0, 1, 2)):
            options = {"subsampling": subsampling, "progressive": progressive, "restart_marker_blocks": restart}
            name = f"jpeg-{('444', '422', '420')[subsampling]}{'-progressive' if progressive else ''}-restart-{restart}-{size}"
            yield name, jpeg(picture, **options)
        for progressive, restart in product((False, True), (0, 2)):
            kind = f"{'-progressive' if progressive else ''}-restart-{restart}-{size}"
            options = {"progressive": progressive, "restart_marker_blocks": restart}
            yield f"jpeg-grey{kind}", jpeg(picture.convert("L"), **options)
            rgb = jpeg(picture, keep_rgb=True, **options)
            yield f"jpeg-rgb-by-adobe-and-ids{kind}", rgb
            yield f"jpeg-rgb-by-ids{kind}", without_segment(rgb, 0xEE)
            yield f"jpeg-rgb-by-adobe{kind}", with_ids(rgb, b"\1\2\3")
        ycc = jpeg(picture, subsampling=0)
        bare = without_segment(ycc, 0xE0)
        yield f"jpeg-ycc-jfif-and-adobe-0-{size}", adobe(ycc, 0)
        yield f"jpeg-ycc-jfif-and-ids-rgb-{size}", with_ids(ycc, b"RGB")
        yield f"jpeg-ycc-bare-{size}", bare
        yield f"jpeg-ycc-other-ids-{size}", with_ids(bare, b"\0\1\2")
        yield f"jpeg-ycc-adobe-1-ids-rgb-{size}", with_ids(adobe(bare, 1), b"RGB")
        yield f"jpeg-rgb-adobe-0-{size}", adobe(bare, 0)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"jpeg-exif-orientation-{orientation}", jpeg(smooth(33, 25), subsampling=0, exif=exif)


def main() -> None:
    cases = list(png_cases(np.random.default_rng(20_251_130)))
    for name, file in jpeg_cases():
        cases.append((name, file, np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))))
    entries = [
        {
            "name": name,
            "width": rgb.shape[1],
            "height": rgb.shape[0],
            "file": base64.b64encode(file).decode(),
            "rgb": base64.b64encode(zlib.compress(rgb.tobytes(), 9)).decode(),
        }
        for name, file, rgb in cases
    ]
    made_by = {"pillow": Image.__version__, "libjpeg-turbo": features.version("libjpeg_turbo")}
    text = json.dumps({"madeBy": made_by, "cases": entries}, indent=1)
    (HERE / "matrix.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
