"""The pinyin key of a name."""

import pytest

from apps.retirees.names import pinyin_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("王建国", "wangjianguo wjg"),
        ("曾 国", "zengguo zg"),
        ("单小曾", "shanxiaoceng sxc"),
        ("尉迟恭", "yuchigong ycg"),
        ("任", "ren r"),
        ("阿依·甲", "ayi·jia ay·j"),
        ("", " "),
    ],
)
def test_names_are_spelt_with_the_surnames_own_reading(name, key):
    assert pinyin_key(name) == key


def test_a_character_nobody_can_spell_is_kept():
    assert pinyin_key("王\U00020bb7").startswith("wang")
