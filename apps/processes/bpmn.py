"""A drawing written as BPMN 2.0: a collaboration with a participant and a process for each pool, and its diagram."""

from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from .drawing import BAND
from .shapes import LETTER, Drawing, Pool, width_of

SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
ELEMENTS = {
    "start": "startEvent",
    "task": "userTask",
    "gateway": "exclusiveGateway",
    "timer": "boundaryEvent",
    "end": "endEvent",
}


def bpmn(drawing: Drawing) -> str:
    """Return the drawing as BPMN 2.0 XML."""
    for prefix, space in SPACES.items():
        register_namespace(prefix, space)
    name = drawing.process._meta.model_name
    root = Element(_tag("bpmn:definitions"), {"targetNamespace": "urn:tuiguan"})
    together = _put(root, "bpmn:collaboration", id=name)
    for pool in drawing.pools:
        process = f"{pool.machine._meta.model_name}.process"
        _put(together, "bpmn:participant", id=_id(pool), name=pool.title, processRef=process)
        _write(_put(root, "bpmn:process", id=process), pool)
    plane = _put(_put(root, "bpmndi:BPMNDiagram"), "bpmndi:BPMNPlane", id=f"{name}.plane", bpmnElement=name)
    for pool in drawing.pools:
        _show(plane, pool, drawing.width)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _id(pool: Pool) -> str:
    return f"{pool.machine._meta.model_name}.pool"


def _write(process: Element, pool: Pool) -> None:
    for node in pool.nodes:
        facts = {"name": node.title} if node.title else {}
        if node.kind == "timer":
            facts["attachedToRef"] = node.host.id
        element = _put(process, f"bpmn:{ELEMENTS[node.kind]}", id=node.id, **facts)
        if node.kind == "task":
            _put(element, "bpmn:documentation").text = node.holder
        for line in pool.lines:
            if line.target is node:
                _put(element, "bpmn:incoming").text = line.id
        for line in pool.lines:
            if line.source is node:
                _put(element, "bpmn:outgoing").text = line.id
        if node.kind == "timer":
            _put(element, "bpmn:timerEventDefinition")
    for line in pool.lines:
        facts = {"name": line.title} if line.title else {}
        _put(
            process,
            "bpmn:sequenceFlow",
            id=line.id,
            sourceRef=line.source.id,
            targetRef=line.target.id,
            **facts,
        )


def _show(plane: Element, pool: Pool, width: int) -> None:
    """Draw a pool; names that stand beside their shape are told where."""
    shape = _put(
        plane, "bpmndi:BPMNShape", id=f"{_id(pool)}.shape", bpmnElement=_id(pool), isHorizontal="true"
    )
    _bounds(shape, 0, pool.top, width, pool.height)
    for node in pool.nodes:
        shape = _put(plane, "bpmndi:BPMNShape", id=f"{node.id}.shape", bpmnElement=node.id)
        _bounds(shape, node.x, node.y, node.width, node.height)
        if node.kind == "end":
            long = min(width_of(node.title), node.x - BAND - 12)
            _label(shape, node.x - 8 - long, node.centre - LETTER // 2, long)
    for line in pool.lines:
        edge = _put(plane, "bpmndi:BPMNEdge", id=f"{line.id}.edge", bpmnElement=line.id)
        for x, y in line.points:
            _put(edge, "di:waypoint", x=f"{x}", y=f"{y}")
        if line.title:
            x, y = line.name_at
            _label(edge, x, y - LETTER - 4, width_of(line.title))


def _label(shape: Element, x: int, y: int, width: int) -> None:
    _bounds(_put(shape, "bpmndi:BPMNLabel"), x, y, width, LETTER + 1)


def _bounds(shape: Element, x: int, y: int, width: int, height: int) -> None:
    _put(shape, "dc:Bounds", x=f"{x}", y=f"{y}", width=f"{width}", height=f"{height}")


def _put(parent: Element, tag: str, /, **facts: str) -> Element:
    return SubElement(parent, _tag(tag), facts)


def _tag(name: str) -> str:
    prefix, tag = name.split(":")
    return f"{{{SPACES[prefix]}}}{tag}"
