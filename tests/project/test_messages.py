"""The translations: everything said is found, everything missing is named."""

import pytest

from project import messages


@pytest.fixture
def source(tmp_path):
    def write(name: str, text: str):
        path = tmp_path / name
        path.write_text(text)
        return list(messages.said_in(path))

    return write


def test_python_says(source):
    assert source("a.py", '_("有 %(n)d 人"); pgettext("动作", "收"); ngettext("件", "件", 2); _(name)') == [
        (None, "有 %(n)d 人"),
        ("动作", "收"),
        (None, ("件", "件")),
    ]


def test_a_template_says(source):
    page = """{% load i18n %}
        <p title="{% translate "标题" %}">{{ _("变量") }}
    {% blocktranslate trimmed %}
        第一行
          第二行
    {% endblocktranslate %}"""
    assert source("a.html", page) == [(None, "标题"), (None, "变量"), (None, "第一行 第二行")]


def test_missing_and_broken_english_is_named():
    catalog = messages.Catalog(locale="en")
    catalog.add("完好", "fine")
    catalog.add("缺少")
    catalog.add("有 %(n)s 人", "%(count)s people")
    assert [line.partition(": ")[2] for line in messages.missing(catalog)] == [
        "no English for '缺少'",
        "the English has other placeholders than '有 %(n)s 人'",
    ]
