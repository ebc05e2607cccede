"""The pages of the processes: which there are, and each with its drawing and its sheet, for everybody."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from apps.audit.streams import now
from apps.engine import registry
from apps.policies import rules
from apps.processes import sheet
from apps.processes.bpmn import bpmn
from apps.processes.drawing import draw


class Processes(LoginRequiredMixin, TemplateView):
    """Every process in force."""

    template_name = "processes/list.html"

    def get_context_data(self, **kwargs):
        processes = [
            {"meta": process._meta, "stages": len(process.stages), "moves": len(process.moves)}
            for process in registry.processes()
        ]
        return super().get_context_data(processes=processes, **kwargs)


class Process(LoginRequiredMixin, TemplateView):
    """One process: the drawing and the sheet of each of its machines, by the rules in force today."""

    template_name = "processes/process.html"

    def get_context_data(self, name: str, **kwargs):
        drawing = draw(_process(name))
        in_force = rules.in_force(timezone.localdate(now())).filter(scope="")
        values = dict(in_force.values_list("key", "value"))
        return super().get_context_data(
            name=name,
            title=drawing.pools[0].title,
            drawing=drawing,
            sheets=[
                (pool, sheet.stages(pool.machine, values), sheet.moves(pool.machine))
                for pool in drawing.pools
            ],
            stage_head=sheet.stage_head(),
            **kwargs,
        )


class Download(LoginRequiredMixin, View):
    """The drawing of a process as a file, for whoever has a tool for BPMN."""

    def get(self, request, name: str):
        return HttpResponse(
            bpmn(draw(_process(name))),
            content_type="application/xml",
            headers={"Content-Disposition": f'attachment; filename="{name}.bpmn"'},
        )


def _process(name: str) -> type:
    try:
        return next(model for model in registry.processes() if model._meta.model_name == name)
    except StopIteration:
        raise Http404 from None
