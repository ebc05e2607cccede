"""What is done in the background for files: long lists are written, forgotten ones thrown away."""

from django.utils.translation import gettext_lazy as _

from apps.jobs.work import Done, More, every, work

from . import long_lists, parcels


@work(long_lists.WORK, title=_("导出名单"))
def export(job) -> More | Done:
    return long_lists.write_next(job)


@every("exchange.tidy", seconds=86_400, title=_("清理传递文件"))
def tidy(job) -> None:
    parcels.tidy()
