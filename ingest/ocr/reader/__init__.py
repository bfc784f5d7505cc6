"""The line reader: Vietnamese print from page images, on onnxruntime alone.

:class:`ingest.ocr.reader.line_reader.LineReader` reads a page. Its weights and counts are in ``data``, described in
``data/README.md``. Where it cannot run, :func:`why_unavailable` says so, and Tesseract reads alone.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: The net's weights, and counts of syllable pairs.
WEIGHTS, COUNTS = DATA / "reader.onnx", DATA / "pairs.npz"


def why_unavailable(folder: Path = DATA) -> str:
    """Why the line reader cannot run here, in Vietnamese with the next step; empty when it can.

    folder: where its weights and counts are.
    """
    lacking = [name for name in ("onnxruntime", "cv2") if importlib.util.find_spec(name) is None]
    if lacking:
        names = " và ".join(lacking)
        return f"Máy chưa có {names} nên chỉ đọc bằng Tesseract. Hãy cài: pip install 'can-cu[second-reader]'."
    for path in (folder / WEIGHTS.name, folder / COUNTS.name):
        if not path.is_file():
            return f"Thiếu tệp {path.name} của bộ đọc nên chỉ đọc bằng Tesseract. Hãy cài lại chương trình."
    return ""


def available() -> bool:
    """Whether the line reader can run here."""
    return not why_unavailable()
