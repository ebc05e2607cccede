"""The drawing of every process: sound BPMN, the very edges of viewflow's flow, and nothing drawn over a stage."""

from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from django.utils import translation

from apps.engine import registry
from apps.engine.flow import flow_for
from apps.processes.bpmn import ELEMENTS, SPACES, bpmn
from apps.processes.drawing import draw

NODES = [f"bpmn:{name}" for name in ELEMENTS.values()]


@pytest.fixture(params=[process._meta.model_name for process in registry.processes()])
def drawing(request):
    return draw(registry.machine(request.param))


@pytest.fixture
def written(drawing):
    return ElementTree.fromstring(bpmn(drawing))


def found(written, *paths):
    return [element for path in paths for element in written.findall(f".//{path}", SPACES)]


def ids(written, *paths):
    return [element.get("id") for element in found(written, *paths)]


def test_the_case_and_each_machine_beside_it_is_a_pool_of_one_drawing(drawing, written):
    name = drawing.process._meta.model_name
    beside = {model._meta.model_name for model in registry.machines() if model.within_case == name}
    processes = [element.get("processRef") for element in found(written, "bpmn:participant")]
    assert (processes[0], set(processes)) == (
        f"{name}.process",
        {f"{one}.process" for one in {name} | beside},
    )
    assert ids(written, "bpmn:process") == processes


def test_every_reference_leads_somewhere_and_no_id_is_used_twice(written):
    known = [element.get("id") for element in written.iter() if element.get("id")]
    nodes, flows = set(ids(written, *NODES)), found(written, "bpmn:sequenceFlow")
    assert len(known) == len(set(known))
    assert {flow.get(end) for flow in flows for end in ("sourceRef", "targetRef")} <= nodes
    for end, tag in (("targetRef", "bpmn:incoming"), ("sourceRef", "bpmn:outgoing")):
        said = {
            (node.get("id"), flow.text)
            for node in found(written, *NODES)
            for flow in node.findall(tag, SPACES)
        }
        assert said == {(flow.get(end), flow.get("id")) for flow in flows}
    hosts = {timer.get("attachedToRef") for timer in found(written, "bpmn:boundaryEvent")}
    assert hosts <= set(ids(written, "bpmn:userTask"))


def test_everything_is_drawn_once(written):
    shapes = [shape.get("bpmnElement") for shape in found(written, "bpmndi:BPMNShape")]
    edges = [edge.get("bpmnElement") for edge in found(written, "bpmndi:BPMNEdge")]
    assert sorted(shapes) == sorted(ids(written, "bpmn:participant", *NODES))
    assert sorted(edges) == sorted(ids(written, "bpmn:sequenceFlow"))


def test_its_ways_are_those_of_viewflows_flow(drawing):
    for pool in drawing.pools:
        drawn = {_way(line.source, line.target) for line in pool.lines if line.target.kind != "gateway"}
        nodes = flow_for(pool.machine).instance.nodes()
        edges = [edge for node in nodes for edge in node._outgoing() if edge.edge_class != "boundary"]
        flows = {
            (_stage_of(edge.src), edge.dst.name) for edge in edges if not edge.dst.name.startswith("after_")
        }
        assert drawn == flows


def _way(source, target) -> tuple[str, str]:
    return _short(source.host or source), _short(target)


def _short(node) -> str:
    return node.id.partition(".")[2]


def _stage_of(node) -> str:
    host = getattr(node, "_attached_to", None)
    return host.name if host else node.name.removeprefix("after_")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_shape_lies_on_another_and_no_line_or_name_on_a_stage(drawing, language):
    with translation.override(language):
        drawing = draw(drawing.process)
    for pool, below in pairwise(drawing.pools):
        assert pool.top + pool.height < below.top
    for pool in drawing.pools:
        solid = [node for node in pool.nodes if node.kind != "timer"]
        assert [(a.id, b.id) for a, b in combinations(solid, 2) if _overlap(_box(a), _box(b))] == []
        for line in pool.lines:
            others = [node for node in solid if node not in (line.source, line.source.host, line.target)]
            stretches = [
                (min(x, u), min(y, v), max(x, u), max(y, v)) for (x, y), (u, v) in pairwise(line.points)
            ]
            assert [node.id for node in others for one in stretches if _overlap(_box(node), one)] == []
            assert all(x == u or y == v for (x, y), (u, v) in pairwise(line.points))
        for node in solid:
            assert (node.x >= 0, pool.top <= node.y) == (True, True)
            assert (node.right <= drawing.width, node.bottom <= pool.top + pool.height) == (True, True)
            assert all(0 < down <= node.height for down, _which, _text in node.words) or node.kind != "task"


def _box(node):
    return node.x, node.y, node.right, node.bottom


def _overlap(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_lines_that_lead_elsewhere_never_share_a_course(drawing):
    for pool in drawing.pools:
        stretches = [(line, sorted(ends)) for line in pool.lines for ends in pairwise(line.points)]
        for (one, (a, b)), (other, (c, d)) in combinations(stretches, 2):
            if other.target is one.target or other.source is one.source:
                continue
            upright = a[0] == b[0] == c[0] == d[0] and max(a[1], c[1]) < min(b[1], d[1])
            level = a[1] == b[1] == c[1] == d[1] and max(a[0], c[0]) < min(b[0], d[0])
            assert not (upright or level), (one.id, other.id)
