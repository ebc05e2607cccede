"""What a verification has to say: findings in the policy's words, and figures."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

# Each kind is told a few times in full and counted beyond that.
SHOWN_OF_A_KIND = 20


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its kind, where it is (`case/12/3`, `seal/7`), and a sentence."""

    kind: str
    where: str
    sentence: str


@dataclass
class Report:
    """What a verification looked at, and what it found."""

    scope: str = ""
    events: int = 0
    streams: int = 0
    items: int = 0
    seals: int = 0
    seconds: float = 0.0
    last_seal: int = 0
    last_sealed_at: datetime | None = None
    unsealed_events: int = 0
    unsealed_since: datetime | None = None
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    restores: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.findings

    @property
    def events_per_second(self) -> int:
        """Return how fast the events were verified."""
        return round(self.events / self.seconds) if self.seconds else 0

    @property
    def first(self) -> Finding | None:
        """Return the first thing found wrong."""
        return self.findings[0] if self.findings else None

    def add(self, kind: str, where: str, sentence: Any) -> None:
        """Note something wrong."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= SHOWN_OF_A_KIND:
            self.findings.append(Finding(kind, where, str(sentence)))

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON can carry it."""
        said = asdict(self) | {"ok": self.ok, "events_per_second": self.events_per_second}
        for name in ("last_sealed_at", "unsealed_since"):
            said[name] = said[name].isoformat() if said[name] else None
        return said | {"seconds": round(self.seconds, 3)}
