"""The table of contents: every process in force."""

from .agreement import AgreementSignature
from .allocation import FundAllocation
from .allocation_share import AllocationShare
from .exemption_opinion import ExemptionOpinion
from .fee_collection import FeeCollection
from .fee_exemption import FeeExemption
from .fee_refund import Refund
from .file_handover import FileHandover
from .transfer import TransferBatch
from .transfer_items import TransferItem

__all__ = [
    "AgreementSignature",
    "AllocationShare",
    "ExemptionOpinion",
    "FeeCollection",
    "FeeExemption",
    "FileHandover",
    "FundAllocation",
    "Refund",
    "TransferBatch",
    "TransferItem",
]
