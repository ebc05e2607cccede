"""The English of the house: collects what is said in Chinese, lists what is missing, compiles.

python -m project.messages            update project/locale/en from the code and compile it
python -m project.messages --check    fail when English is missing or breaks a placeholder
python -m project.messages --compile  compile only
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "project" / "locale" / "en" / "LC_MESSAGES" / "django.po"
SPOKEN = ("apps", "workflows", "templates", "project")
HEADER = "# The English of Tuiguan: the Chinese is in the code, `make messages` brings it here."
PLACE = re.compile(r"%\(\w+\)|\{\w*\}")
# How many texts each function takes; None: one.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def said_in(path: Path) -> Iterator[tuple[Any, Any]]:
    """Yield (context, text or (singular, plural)) of one source file."""
    source = path.read_text()
    if path.suffix == ".html":
        # Python's tokenizer minds indentation, which a template turned into calls does not have.
        calls = templatize(source, origin=str(path))
        source = "\n".join(line.strip() for line in calls.splitlines())
    found = extract("python", BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"})
    for _line, words, _comments, context in found:
        yield context, words


def collect() -> Catalog:
    """Return a catalog of everything the code and the templates say."""
    catalog = Catalog(charset="utf-8")
    for top in SPOKEN:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in {".py", ".html"} and "migrations" not in path.parts:
                for context, text in said_in(path):
                    catalog.add(text, context=context, locations=[(str(path.relative_to(ROOT)), 0)])
    return catalog


def english() -> Catalog:
    """Return the English catalog as it stands in the repository."""
    if not ENGLISH.exists():
        return Catalog(locale="en", charset="utf-8", project="Tuiguan", header_comment=HEADER, fuzzy=False)
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def missing(catalog: Catalog) -> list[str]:
    """Return a line for each text without English, or whose English loses a placeholder."""
    lines = []
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        where = message.locations[0][0] if message.locations else ""
        if not all(texts) or message.fuzzy:
            lines.append(f"{where}: no English for {message.id!r}")
            continue
        asked = set(PLACE.findall("".join(message.id)))
        if any(set(PLACE.findall(text)) - asked for text in texts) or asked - set(PLACE.findall(texts[-1])):
            lines.append(f"{where}: the English has other placeholders than {message.id!r}")
    return lines


def update() -> Catalog:
    """Bring the English catalog up to what the code says; what nobody says any more goes."""
    catalog = english()
    catalog.update(collect(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def compile_catalog(catalog: Catalog) -> None:
    """Write the compiled catalog that Django reads."""
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def main(option: str | None) -> int:
    """Do what the command line asks; return the exit code."""
    if option == "--compile":
        compile_catalog(english())
        return 0
    catalog = update()
    if option == "--check":
        lines = missing(catalog)
        print("\n".join(lines) or "Every text has its English.")
        return 1 if lines else 0
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, catalog, width=110, include_lineno=False, sort_by_file=True)
    compile_catalog(catalog)
    print(f"{len(catalog)} texts, {len(missing(catalog))} without English, in {ENGLISH.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
