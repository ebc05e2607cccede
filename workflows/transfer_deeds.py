"""What the decisions on a whole batch bring into being: items, files, the frozen list, the fee, signatures."""

from apps.cases.models import Case, CaseItem
from apps.exchange import matching, uploads
from apps.fees import settlement
from apps.retirees import management
from apps.transfers import registers
from apps.transfers.models import Appointment

from .agreement import AgreementSignature
from .fee_collection import FeeCollection
from .file_handover import FileHandover
from .transfer_items import TransferItem


def enter_items(deed) -> None:
    """Make retirees of the rosters' rows, list each as an item, and announce each file to the archive."""
    _enter(deed, registers.register_people(_cases(deed)))


def update_items(deed) -> None:
    """After a correction: those newly on the roster are listed, the others take what the roster now says."""
    people = registers.register_people(_cases(deed))
    listed = set(CaseItem.objects.filter(case__in=deed.ids).values_list("case_id", "retiree_id"))
    _enter(deed, [person for person in people if (person.case.pk, person.retiree) not in listed])
    registers.update_places([person for person in people if (person.case.pk, person.retiree) in listed])


def _enter(deed, people: list[registers.Person]) -> None:
    """Who is in another open batch is entered with that as a fault: the older item wins."""
    open_in = registers.open_in(person.retiree for person in people)
    items = []
    for person in people:
        first = open_in.setdefault(person.retiree, person.case.number)
        faults = [] if first == person.case.number else [{"code": "elsewhere", "number": first}]
        items.append(TransferItem(case=person.case, **person.item, open=not faults, faults=faults))
    items = deed.enter(TransferItem, items)
    deed.enter(FileHandover, [
        FileHandover(
            case=person.case, retiree_id=person.retiree, custodian_id=person.case.authority_id, **person.file
        )
        for person in people
    ])  # fmt: skip
    registers.list_obligations(items, people)
    management.open_with_enterprise([person.retiree for person in people], deed.at)


def keep_answer(deed) -> None:
    """Keep the agency's answer sheet and note on each person still to be matched what differs."""
    case = uploads.the_case(deed)
    sheet = deed.given["answer"]
    content = sheet.read()
    found = matching.differences_of(case, content, sheet.name, by=deed.by)
    registers.record_match(
        case, matching.asked(case), name=sheet.name, content=content, differences=found, at=deed.at
    )


def lay_before_signers(deed) -> None:
    """Freeze the confirmed lists as versions, assess the fees, and lay the agreements before their signers."""
    cases = _cases(deed)
    confirmed = CaseItem.objects.filter(case__in=deed.ids, stage=TransferItem.confirmed.name)
    assessments = settlement.assess(FeeCollection, cases, confirmed, at=deed.at)
    settlement.charge(deed.enter(FeeCollection, assessments), confirmed)
    deed.enter(AgreementSignature, [
        AgreementSignature(case=frozen.case, frozen_list=frozen, organisation_id=signer)
        for frozen, signer in registers.signers(registers.freeze(cases, confirmed, at=deed.at))
    ])  # fmt: skip


def _cases(deed) -> list[Case]:
    return list(Case.objects.filter(pk__in=deed.ids).order_by("pk"))


def keep_appointment(deed) -> None:
    """Write down when and where the handovers are held, and the three who sign."""
    Appointment.objects.bulk_create(
        [Appointment(case_id=case, **deed.given) for case in deed.ids],
        update_conflicts=True, unique_fields=["case"], update_fields=list(deed.given),
    )  # fmt: skip
