"""Makes the font for Chinese characters in reports: `python -m tests.support.chinese_font NotoSansCJK-Regular.ttc`.

The collection is Noto Sans CJK 2.004. The part has the forms of mainland China.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

from app.services.snapshots import pdf
from app.services.snapshots.chinese_characters import BLOCKS, is_common

FAMILY = "Noto Sans CJK SC"
FILE = Path(pdf.__file__).parent / "fonts" / "NotoSansCJKsc-Regular-common.otf"


def common_characters() -> set[int]:
    return {point for block in BLOCKS for point in block if is_common(chr(point))}


def main(collection: Path) -> None:
    with TTCollection(collection, lazy=True) as fonts:
        font = next(font for font in fonts if font["name"].getDebugName(1) == FAMILY)
        options = Options(layout_features=["vert"], hinting=False, desubroutinize=True)
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=common_characters())
        font.recalcTimestamp = False
        subsetter.subset(font)
        font.save(FILE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
