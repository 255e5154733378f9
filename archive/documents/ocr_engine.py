"""The one door to rapidocr: where lines of text stand in a picture, and what they say.

An optional part (`pip install 'harbin-disclosure-archive[ocr]'`). It is imported when the first scan is read, not
before: it takes a second and 150 MB. Its models come in its wheel; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

# More threads than this only wait for each other (2 cores: 5.1 s a page against 8.3 s with one); each takes stack.
_THREADS = 2
_BATCH = 8
# The recogniser pads every picture to at least this width, of a height of 48: a few figures need no more.
_NARROW, _WIDE = 96, 320

Reading = tuple[str, float]


def available() -> bool:
    """Whether the optional part is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


@cache
def _models() -> tuple:
    from onnxruntime import SessionOptions
    from rapidocr import RapidOCR
    from rapidocr.ch_ppocr_rec import TextRecInput
    from rapidocr.inference_engine.onnxruntime import main as sessions

    class Yielding(SessionOptions):
        """Threads with nothing to do sleep: by default they spin, a third more work, taken from others on the core.

        rapidocr hands on no option for it.
        """

        def __init__(self) -> None:
            super().__init__()
            self.add_session_config_entry("session.intra_op.allow_spinning", "0")

    sessions.SessionOptions = Yielding
    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    # Its own whole-page run is not used: its angle classifier turns single figures, 6 to 9 and back, and it looks for
    # text where the ruling lines already say where it stands.
    return engine._load_det_model(), engine._load_rec_model(), TextRecInput


def find_lines(picture: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Return the boxes (left, top, right, bottom in pixels) of the lines of text in a picture of one or three channels.

    The work grows with the picture: give it at half the size that is read.
    """
    import numpy as np

    detect, _, _ = _models()
    boxes = detect(_coloured(picture)).boxes
    if boxes is None:
        return []
    corners = np.asarray(boxes, float)
    left, right = corners[:, :, 0].min(1), corners[:, :, 0].max(1)
    top, bottom = corners[:, :, 1].min(1), corners[:, :, 1].max(1)
    return [tuple(map(float, box)) for box in zip(left, top, right, bottom, strict=True)]


def recognise(lines: Sequence[np.ndarray]) -> list[Reading]:
    """Read pictures of one line each: what it says and how sure that is, from 0 to 1."""
    if not lines:
        return []
    _, recogniser, given = _models()
    found: list[Reading] = [("", 0.0)] * len(lines)
    narrow = [index for index, line in enumerate(lines) if line.shape[1] * 48 <= _NARROW * line.shape[0]]
    wide = sorted(set(range(len(lines))) - set(narrow))
    for group, width in ((narrow, _NARROW), (wide, _WIDE)):
        if not group:
            continue
        recogniser.rec_image_shape, recogniser.rec_batch_num = [3, 48, width], _BATCH
        result = recogniser(given(img=[_coloured(lines[index]) for index in group]))
        for index, text, score in zip(group, result.txts, result.scores, strict=True):
            found[index] = (text, float(score))
    return found


def _coloured(picture: np.ndarray) -> np.ndarray:
    import numpy as np

    return picture if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2)
