"""A Merkle tree as RFC 6962 hashes it, kept as its frontier: it grows leaf by leaf in constant memory."""

from hashlib import sha256


class Tree:
    """The roots of the tree's perfect subtrees, largest first; their sizes are the bits of `size`."""

    def __init__(self, size: int = 0, frontier: list[bytes] | None = None):
        self.size = size
        self.frontier = list(frontier or [])

    def add(self, leaf: bytes) -> None:
        """Append one leaf."""
        node = sha256(b"\x00" + leaf).digest()
        size = self.size
        while size & 1:
            node = sha256(b"\x01" + self.frontier.pop() + node).digest()
            size >>= 1
        self.frontier.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the hash of the whole tree."""
        if not self.frontier:
            return sha256(b"").digest()
        *larger, node = self.frontier
        for left in reversed(larger):
            node = sha256(b"\x01" + left + node).digest()
        return node
