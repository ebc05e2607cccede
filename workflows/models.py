"""The table of contents: every process in force."""

from .agreement import AgreementSignature
from .fee_collection import FeeCollection
from .fee_refund import Refund
from .file_handover import FileHandover
from .transfer import TransferBatch
from .transfer_items import TransferItem

__all__ = ["AgreementSignature", "FeeCollection", "FileHandover", "Refund", "TransferBatch", "TransferItem"]
