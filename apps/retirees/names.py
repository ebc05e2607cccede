"""The pinyin key of a person's name: lists are ordered by it, and it is searched by syllables or initials."""

from functools import lru_cache

# Surnames whose reading differs from the character's usual one.
SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "任": "ren", "区": "ou", "盖": "ge",
    "朴": "piao", "翟": "zhai", "乐": "yue", "华": "hua", "缪": "miao", "宓": "mi", "冼": "xian",
    "种": "chong", "秘": "bi", "折": "she", "员": "yun",
    "召": "shao", "燕": "yan", "黑": "he", "重": "chong", "繁": "po",
}  # fmt: skip
DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "令狐": ("ling", "hu"),
    "澹台": ("tan", "tai"),
}  # fmt: skip


def pinyin_key(name: str) -> str:
    """Return `full spelling + space + initials`: 王建国 gives `wangjianguo wjg`."""
    name = "".join(name.split())
    surname = _surname(name)
    syllables = [*surname, *(_syllable(character) for character in name[len(surname) :])]
    return f"{''.join(syllables)} {''.join(syllable[:1] for syllable in syllables)}"


def _surname(name: str) -> tuple[str, ...]:
    if name[:2] in DOUBLE_SURNAMES:
        return DOUBLE_SURNAMES[name[:2]]
    return (SURNAMES[name[:1]],) if name[:1] in SURNAMES else ()


@lru_cache(maxsize=30_000)
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # its dictionaries take 0.3 s to load: only where names are written

    return lazy_pinyin(character)[0].lower()
