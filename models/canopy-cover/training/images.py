"""Synthetic photographs whose cover is known, and their files as clients would send them."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from rule import DENOMINATOR, NUMERATOR, cover_percent, excess_green, is_plant

SEED = 20_251_123

PLANT = (60, 150, 45)
SOIL = (140, 105, 75)
#: Pillow's kinds of pixels; grey and black-and-white ones hold no plant.
MODES = ("RGB", "RGBA", "P", "RGB", "RGBA", "P", "L", "RGB", "RGBA", "P", "RGB", "LA", "RGBA", "P", "RGB", "1")
#: JPEG works in blocks of 8 by 8, or 16 by 16 where colour is halved.
BLOCK = 16
#: How far from the threshold, in levels of one colour, every pixel of a JPEG has to be: decoders differ by a level or two.
JPEG_MARGIN = 6


@dataclass(frozen=True)
class Photograph:
    """A file, and the share of plant that numpy finds in what Pillow decodes."""

    name: str
    content: bytes
    percent: float


def photographs() -> list[Photograph]:
    """48 PNG files of every colour type that Pillow writes, and 16 JPEG files."""
    random = np.random.default_rng(SEED)
    return [*pngs(random), *jpegs(random)]


def pngs(random: np.random.Generator) -> list[Photograph]:
    """Random colours, many of them near or at the threshold; shares from none to all; one by one to 24 by 24 pixels."""
    made = []
    for index in range(48):
        height, width = (int(side) for side in random.integers(1, 25, size=2))
        pixels = speckled(random, height, width, share=index / 47)
        mode = MODES[index % len(MODES)]
        picture = Image.fromarray(pixels).convert(mode)
        made.append(photograph(f"{index:02}-{mode}.png", picture, format="PNG", compress_level=0))
    return made


def jpegs(random: np.random.Generator) -> list[Photograph]:
    """Blocks of plant and soil, baseline and progressive, in colour and grey. Where colour is halved, the whole picture is
    one of both: decoders blend colours across a border each in its own way."""
    made = []
    for index in range(16):
        rows, columns = (int(side) for side in random.integers(1, 5, size=2))
        halved = index % 4 >= 2
        plant = random.random((1, 1) if halved else (rows, columns)) < (index + 0.5) / 16
        plant = np.broadcast_to(plant, (rows, columns))
        blocks = np.where(plant[..., None], PLANT, SOIL).astype(np.uint8)
        pixels = blocks.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
        picture = Image.fromarray(pixels).convert("L" if index == 15 else "RGB")
        options = {"quality": (75, 95)[index % 2], "subsampling": 2 if halved else 0, "progressive": index % 3 == 0}
        photo = photograph(f"{index:02}.jpg", picture, format="JPEG", **options)
        decoded = decode(photo.content)
        red, green, blue = np.moveaxis(decoded.astype(np.int64), -1, 0)
        margin = DENOMINATOR * (2 * green - red - blue) - NUMERATOR * (red + green + blue)
        if np.abs(margin).min() < JPEG_MARGIN * 2 * DENOMINATOR:
            raise ValueError(f"{photo.name} has a pixel too close to the threshold")
        made.append(photo)
    return made


def speckled(random: np.random.Generator, height: int, width: int, share: float) -> np.ndarray:
    """Pixels of which about `share` are plant: any colour, black, white, and colours exactly at the threshold."""
    pixels = random.integers(0, 256, size=(height, width, 3), dtype=np.uint8)
    lush = random.integers((20, 120, 20), (80, 256, 80), size=(height, width, 3), dtype=np.uint8)
    pixels = np.where(random.random((height, width, 1)) < share, lush, pixels)
    # (90, 110, 100): 10 * (220 - 190) = 300 = the sum; excess green is 0.1, and that is not above it.
    for colour in ((0, 0, 0), (255, 255, 255), (90, 110, 100), (90, 111, 100)):
        pixels[random.random((height, width)) < 0.03] = colour
    return pixels


def photograph(name: str, picture: Image.Image, **options: object) -> Photograph:
    buffer = io.BytesIO()
    picture.save(buffer, **options)
    pixels = decode(buffer.getvalue())
    check_rule(name, pixels)
    return Photograph(name, buffer.getvalue(), cover_percent(pixels))


def decode(content: bytes) -> np.ndarray:
    """Red, green and blue as they are stored: transparency is left out."""
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA").convert("RGB"))


def check_rule(name: str, pixels: np.ndarray) -> None:
    """The rule in whole numbers is the definition, wherever floating point can tell."""
    excess = excess_green(pixels)
    threshold = NUMERATOR / DENOMINATOR
    clear = np.abs(excess - threshold) > 1e-9
    if not np.array_equal(is_plant(pixels)[clear], excess[clear] > threshold):
        raise ValueError(f"{name}: the rule and its definition disagree")
