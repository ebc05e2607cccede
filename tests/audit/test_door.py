"""Nothing outside the door moves a row or a stream: read from the source."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOOR = ("apps/engine/", "apps/audit/")
# Only a move changes these; a move's own deeds may set other columns of the rows it moves.
# A stage that is called otherwise is no move: its rows are renamed, and the streams say so.
RENAMES = "apps/processes/renaming.py"
MOVED_BY_THE_DOOR = {"stage", "stage_since", "row_seq", "stream_seq", "stream_head"}
UPDATES = {"update", "aupdate", "bulk_update", "abulk_update"}
SQL = re.compile(
    r"\b(UPDATE|DELETE\s+FROM|TRUNCATE(\s+TABLE)?|INSERT\s+INTO)\s+\"?audit_|stream_head\s*=", re.I
)


def sources():
    """Every file of the product with its tree, but the door's and the migrations."""
    for folder in ("apps", "workflows", "project"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(DOOR) and "/migrations/" not in name:
                yield name, ast.parse(path.read_text())


def streamed_names():
    """The classes that anchor a stream, and those made from them."""
    bases = {}
    for path in [*(ROOT / "apps").rglob("*.py"), *(ROOT / "workflows").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    names = {"Streamed"}
    while more := {name for name, of in bases.items() if of & names} - names:
        names |= more
    return names


def updates(tree):
    """Each `.update(…)` and `.bulk_update(…)` with the name its chain begins with."""
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in UPDATES:
            yield node, root_of(called.value)


def root_of(node):
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def columns_of(call):
    """The columns an update names; a list of columns that is not written out counts as all of them."""
    if "bulk" in call.func.attr:
        fields = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "fields")]
        if fields and isinstance(fields[0], (ast.List, ast.Tuple)):
            return {element.value for element in fields[0].elts}
        return MOVED_BY_THE_DOOR
    return {keyword.arg for keyword in call.keywords}


def records(tree):
    """Whether a file writes events itself."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "apps.audit.streams"
        and {alias.name for alias in node.names} & {"append", "record"}
        for node in ast.walk(tree)
    )


def test_only_the_door_changes_a_stage_or_a_head():
    streamed = streamed_names()
    found = [
        f"{name}:{call.lineno}"
        for name, tree in sources()
        for call, root in updates(tree)
        if columns_of(call) & MOVED_BY_THE_DOOR and ("bulk" not in call.func.attr or root in streamed)
        if name != RENAMES
    ]
    assert found == []


def test_whoever_changes_an_anchor_records_it():
    streamed = streamed_names()
    found = [
        f"{name}:{call.lineno}"
        for name, tree in sources()
        # What a process declares runs inside the door, which records it.
        if not name.startswith("workflows/") and not records(tree)
        for call, root in updates(tree)
        if root in streamed
    ]
    assert found == []


def test_nobody_writes_the_trail_in_sql_of_his_own():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert found == []
