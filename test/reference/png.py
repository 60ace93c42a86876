"""PNG files of every kind that Pillow writes, and the pixels it reads from them, for test/data/png.test.ts.

    pip install pillow==13.0.0 && python3 test/reference/png.py      writes png.json beside this file
"""

import base64
import io
import json
import pathlib

import PIL
from PIL import Image

WIDTH, HEIGHT = 11, 7


def samples(channels, most):
    """Smooth in places and rough in others, so that the encoder picks several filters."""
    return [
        (x * x * 3 + y * 29 * (channel + 1) + (x * y * 7919 if x > 6 else 0)) % (most + 1)
        for y in range(HEIGHT)
        for x in range(WIDTH)
        for channel in range(channels)
    ]


def picture(mode):
    if mode == "1":
        return Image.frombytes("L", (WIDTH, HEIGHT), bytes(255 * v for v in samples(1, 1))).convert("1", dither=Image.Dither.NONE)
    if mode == "P":
        image = Image.frombytes("P", (WIDTH, HEIGHT), bytes(samples(1, 4)))
        image.putpalette([10, 20, 30, 255, 0, 0, 0, 255, 0, 7, 8, 9, 200, 100, 50])
        return image
    if mode == "I;16":
        words = samples(1, 65535)
        return Image.frombytes("I;16", (WIDTH, HEIGHT), b"".join(word.to_bytes(2, "little") for word in words))
    return Image.frombytes(mode, (WIDTH, HEIGHT), bytes(samples({"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}[mode], 255)))


def case(mode, **options):
    file = io.BytesIO()
    picture(mode).save(file, "PNG", **options)
    read = Image.open(io.BytesIO(file.getvalue()))
    shown = read
    if mode == "1":
        shown = read.convert("L")
    elif mode == "P" or "transparency" in options:
        shown = read.convert("RGBA" if "transparency" in options and mode != "L" else "RGB" if mode == "P" else "LA")
    if mode == "I;16":
        words = shown.tobytes()
        pixels = [round(int.from_bytes(words[i : i + 2], "little") / 257) for i in range(0, len(words), 2)]
        channels = 1
    else:
        pixels = list(shown.tobytes())
        channels = len(shown.getbands())
    grey = list(read.convert("RGB").convert("L").tobytes()) if mode == "RGB" else None
    return {
        "mode": mode,
        "options": {key: str(value) for key, value in options.items()},
        "file": base64.b64encode(file.getvalue()).decode(),
        "channels": channels,
        "pixels": pixels,
        "grey": grey,
    }


golden = {
    "versions": {"pillow": PIL.__version__},
    "width": WIDTH,
    "height": HEIGHT,
    "pictures": [
        *(case(mode) for mode in ("1", "L", "LA", "RGB", "RGBA", "P", "I;16")),
        *(case("P", bits=bits) for bits in (4, 8)),
        case("P", transparency=b"\x00\x80\xff"),
        case("L", transparency=picture("L").getpixel((2, 3))),
        case("RGB", transparency=picture("RGB").getpixel((2, 3))),
    ],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
