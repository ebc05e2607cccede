"""The fonts papers are set in: that they are installed, and that what is embedded of them is small."""

import shutil
import subprocess
import zlib

from django.core.checks import Warning, register

# A sign of each block that names are written with, and the Debian package whose fonts have it.
SAMPLES = {"滘": "fonts-noto-cjk", "㐱": "fonts-noto-cjk", "𠀀": "fonts-hanazono"}
UP, WIDTH = 12, 3


@register()
def check_fonts(app_configs, **kwargs):
    """A warning for each font that papers lack: rare characters of names would print as boxes."""
    if shutil.which("fc-list") is None:
        return [Warning("papers cannot be drawn: install fontconfig and fonts-noto-cjk", id="documents.W001")]
    return [
        Warning(f"no font can print {sign} (U+{ord(sign):X}): install {package}", id="documents.W002")
        for sign, package in SAMPLES.items()
        if not has(sign)
    ]


def has(sign: str) -> bool:
    """Whether some installed font can print a character."""
    found = subprocess.run(
        ["fc-list", f":charset={ord(sign):x}", "family"], capture_output=True, text=True, check=False
    )
    return bool(found.stdout.strip())


def finish(document, pdf) -> None:
    """Pack the embedded CFF fonts: as they come, a letter is ten times as large.

    They keep a table of three-byte offsets for all 60,000 glyphs of the whole font, each one more than the last.
    That no zip makes smaller, but the differences from three bytes before are nearly all the same.
    """
    for thing in pdf.objects:
        if getattr(thing, "extra", {}).get("Subtype") == "/OpenType":
            thing.extra["Filter"] = "/FlateDecode"
            thing.extra["DecodeParms"] = f"<</Predictor {UP}/Columns {WIDTH}>>"
            thing.stream, thing.compress = [packed(b"".join(thing.stream))], False


def packed(font: bytes) -> bytes:
    """Deflate bytes behind PNG's filter "up": rows of three, each less the row above."""
    from PIL import Image, ImageChops  # comes with WeasyPrint; only workers draw

    height = -(-len(font) // WIDTH)
    padded = font.ljust(height * WIDTH, b"\0")
    rows = Image.frombytes("L", (WIDTH, height), padded)
    above = Image.frombytes("L", (WIDTH, height), bytes(WIDTH) + padded[:-WIDTH])
    filtered = Image.new("L", (1 + WIDTH, height), 2)  # each row begins with the filter's number
    filtered.paste(ImageChops.subtract_modulo(rows, above), (1, 0))
    return zlib.compress(filtered.tobytes())
