"""What the decisions on a whole batch bring into being: items, files, the frozen list, the fee, signatures."""

from apps.cases.models import Case, CaseItem
from apps.exchange import matching
from apps.fees import settlement
from apps.retirees import management
from apps.transfers import registers
from apps.transfers.models import Appointment

from .agreement import AgreementSignature
from .fee_collection import FeeCollection
from .file_handover import FileHandover
from .transfer_items import TransferItem


def enter_items(deed) -> None:
    """Make retirees of the roster's rows, list each as an item, and announce each file to the archive."""
    for case in Case.objects.filter(pk__in=deed.ids).select_related("applicant", "authority"):
        _enter(deed, case, registers.register_people(case))


def update_items(deed) -> None:
    """After a correction: those newly on the roster are listed, the others take what the roster now says."""
    for case in Case.objects.filter(pk__in=deed.ids).select_related("applicant", "authority"):
        people = registers.register_people(case)
        listed = set(CaseItem.objects.filter(case=case).values_list("retiree_id", flat=True))
        _enter(deed, case, [person for person in people if person.item["retiree_id"] not in listed])
        registers.update_places(case, [person for person in people if person.item["retiree_id"] in listed])


def _enter(deed, case: Case, people: list[registers.Person]) -> None:
    """Who is in another open batch is entered with that as a fault: the older item wins."""
    elsewhere = registers.open_elsewhere(person.item["retiree_id"] for person in people)
    items = deed.enter(TransferItem, [
        TransferItem(
            case=case,
            **person.item,
            open=person.item["retiree_id"] not in elsewhere,
            fault=elsewhere.get(person.item["retiree_id"], ""),
        )
        for person in people
    ])  # fmt: skip
    deed.enter(FileHandover, [
        FileHandover(case=case, retiree_id=item.retiree_id, custodian_id=case.authority_id, **person.file)
        for item, person in zip(items, people, strict=True)
    ])  # fmt: skip
    registers.list_obligations(case, items, people)
    management.open_with_enterprise([item.retiree_id for item in items], deed.at)


def keep_answer(deed) -> None:
    """Keep the agency's answer sheet and note on each person still to be matched what differs."""
    sheet = deed.given["answer"]
    content = sheet.read()
    for case in Case.objects.filter(pk__in=deed.ids):
        found = matching.differences_of(case, content, sheet.name, by=deed.by)
        registers.record_match(case, name=sheet.name, content=content, differences=found, at=deed.at)


def lay_before_signers(deed) -> None:
    """Freeze the confirmed list as a version, assess the fee, and lay the agreement before its signers."""
    for case in Case.objects.filter(pk__in=deed.ids).select_related("applicant", "authority"):
        frozen = registers.freeze(case, at=deed.at)
        (assessment,) = deed.enter(FeeCollection, [settlement.assess(FeeCollection, case, at=deed.at)])
        settlement.charge(assessment)
        deed.enter(AgreementSignature, [
            AgreementSignature(case=case, frozen_list=frozen, organisation_id=signer)
            for signer in registers.signers(case, frozen)
        ])  # fmt: skip


def keep_appointment(deed) -> None:
    """Write down when and where the handover is held, and the three who sign."""
    for case in deed.ids:
        Appointment.objects.update_or_create(case_id=case, defaults=dict(deed.given))
