"""Walks the seals in order: their chain, signatures, roots, and their lines outside the database."""

from array import array
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.utils.translation import gettext as _

from . import keys
from .clock import CLOCK_STEP
from .findings import Report
from .hashing import canonical, digest
from .merkle import Tree
from .models import Seal, SealedHead
from .restores import SealLines
from .seals import leaf, line, statement


class SealTimes:
    """When each seal was taken, by the seal's row: eight bytes a seal."""

    def __init__(self) -> None:
        self._order: dict[int, int] = {}
        self._taken = array("d")

    def add(self, seal: Seal) -> None:
        """Keep one more seal's moment."""
        self._order[seal.pk] = len(self._taken)
        self._taken.append(seal.taken_at.timestamp())

    def around(self, seal_id: int) -> tuple[float, float] | None:
        """Return when the seal before and the seal itself were taken; None for a seal that is not there."""
        place = self._order.get(seal_id)
        if place is None:
            return None
        return (self._taken[place - 1] if place else float("-inf")), self._taken[place]

    def last(self) -> float:
        """Return when the last seal was taken."""
        return self._taken[-1] if self._taken else float("-inf")


class SealWalk:
    """One pass over the seals with the heads each of them added."""

    def __init__(self, report: Report):
        self.report = report
        self.times = SealTimes()
        self.tree = Tree()
        self.rooted = True
        self.keys = keys.public_keys()

    def walk(self, file_size: int) -> None:
        """Check every seal; each kind of break is told once, since all later seals stand on it."""
        seals = Seal.objects.order_by("number").iterator(chunk_size=1000)
        heads = self._heads()
        file = FileWalk(self.report, file_size)
        pending = next(heads, None)
        last = None
        for seal in seals:
            added = []
            while pending and pending[0][0] < seal.size:
                added.append(pending)
                pending = next(heads, None)
            self._chain(seal, last)
            self._root(seal, added)
            file.compare(seal)
            self.times.add(seal)
            self.report.seals += 1
            last = seal
        if pending:
            self._say("seal-head", pending[0][2], _("有不属于任何封印的流头记录。"))
        file.end()
        if last:
            self.report.last_seal, self.report.last_sealed_at = last.number, last.taken_at

    def _heads(self) -> Iterator[tuple[tuple, ...]]:
        rows = SealedHead.objects.order_by("position", "id").values_list(
            "position", "seal_id", "id", "stream", "stream_id", "seq", "head"
        )
        for _position, same in groupby(rows.iterator(chunk_size=5000), key=itemgetter(0)):
            yield tuple(same)

    def _say(self, kind: str, number: object, sentence: str) -> None:
        self.report.add(kind, f"seal/{number}", sentence)

    def _chain(self, seal: Seal, last: Seal | None) -> None:
        text = canonical(statement(seal))
        expected = last.number + 1 if last else 1
        if seal.number != expected:
            self._say(
                "seal-gap", seal.number, _("封印编号不连续：应为第 %(number)s 号。") % {"number": expected}
            )
        if seal.prev_hash != (last.hash if last else ""):
            self._say("seal-chain", seal.number, _("封印没有接在前一封印之后。"))
        if seal.hash != digest(text):
            self._say("seal-hash", seal.number, _("封印的内容与其摘要不符。"))
        if seal.key not in self.keys:
            self._say("seal-key", seal.number, _("封印不是用本系统的密钥签的。"))
        elif not keys.signed(self.keys[seal.key], seal.signature, text):
            self._say("seal-signature", seal.number, _("封印的签名不对。"))
        if last and (last.taken_at - seal.taken_at).total_seconds() > CLOCK_STEP:
            self._say("seal-time", seal.number, _("封印时间早于前一封印：时钟被拨回过。"))

    def _root(self, seal: Seal, added: list[tuple[tuple, ...]]) -> None:
        if not self.rooted:
            return
        for same in added:
            position, seal_id, _pk, *facts = same[0]
            if len(same) > 1 or position != self.tree.size or seal_id != seal.pk:
                self.rooted = False
            self.tree.add(leaf(*facts))
        frontier = [node.hex() for node in self.tree.frontier]
        if self.tree.size != seal.size or self.tree.root().hex() != seal.root or frontier != seal.frontier:
            self.rooted = False
        if not self.rooted:
            self._say("seal-root", seal.number, _("封印所含的流头被改动、增加或删除：根对不上。"))


class FileWalk:
    """Follows the file outside the database beside the seals within it."""

    def __init__(self, report: Report, size: int):
        self.report = report
        self.file = SealLines(size)
        self.lines = self.file.living()
        self.waiting = next(self.lines, None)
        self.missing: list[Seal] = []

    def compare(self, seal: Seal) -> None:
        """Match one seal with its line."""
        text = line(seal)
        self._skip_torn(text)
        while self.waiting and self.waiting[0] < seal.number:
            self._extra()
        if self.waiting and self.waiting[0] == seal.number:
            if self.waiting[1] != text:
                self._say(
                    "file-differs", seal.number, _("库外封印文件与数据库的第 %(number)s 号封印不一致。")
                )
            self.waiting = next(self.lines, None)
        else:
            self.missing.append(seal)

    def end(self) -> None:
        """Account for what is left on either side."""
        reached_end = self.waiting is None
        while self.waiting:
            self._extra()
        self.file.check(self.report)
        # A crash between the database and the file leaves the last seal's line out; the next seal adds it.
        if len(self.missing) == 1 and reached_end and self.missing[0] == self._newest():
            self.report.notes.append(_("最后一个封印尚未写入库外文件，下次封印时补写。"))
            return
        for seal in self.missing:
            self._say("file-lacks", seal.number, _("库外封印文件缺少第 %(number)s 号封印。"))

    def _extra(self) -> None:
        number = self.waiting[0]
        self._say(
            "file-more", number, _("库外文件有第 %(number)s 号封印而数据库没有：数据库可能被换成旧备份。")
        )
        self.waiting = next(self.lines, None)

    def _skip_torn(self, text: str) -> None:
        # What a crash cut short is the beginning of the line that was then written whole.
        if self.waiting and self.waiting[0] == 0 and text.startswith(self.waiting[1]):
            self.waiting = next(self.lines, None)

    def _say(self, kind: str, number: int, sentence: str) -> None:
        self.report.add(kind, f"seal/{number}", sentence % {"number": number})

    @staticmethod
    def _newest() -> Seal | None:
        return Seal.objects.order_by("-number").first()
