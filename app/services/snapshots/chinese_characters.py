"""The Chinese characters, kana and punctuation that the report font for them has: those of national standards."""

STANDARDS = ("gb2312", "big5", "shift_jis", "euc_kr")
UNCOMMON_IN_BIG5 = 0xC940
"""The first code of the second level of Big5, which holds rare characters."""
BLOCKS = (range(0x2E80, 0xA000), range(0xF900, 0xFB00), range(0xFF00, 0xFFF0))
CHINESE = (*BLOCKS[:2], range(0x20000, 0x40000))
"""Where Chinese characters are, of which no other report font has one."""


def is_chinese(character: str) -> bool:
    return any(ord(character) in block for block in CHINESE)


def is_common(character: str) -> bool:
    """Whether a standard of China, Taiwan (its common level), Japan or Korea has it."""
    return any(ord(character) in block for block in BLOCKS) and any(_is_in(character, name) for name in STANDARDS)


def _is_in(character: str, standard: str) -> bool:
    try:
        code = character.encode(standard)
    except UnicodeEncodeError:
        return False
    return standard != "big5" or int.from_bytes(code, "big") < UNCOMMON_IN_BIG5
