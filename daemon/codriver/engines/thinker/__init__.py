"""The thinker: a language model that turns a sentence into tool calls, in a process of its own."""

from __future__ import annotations

import os

# llama.cpp's threads wait for each other hundreds of times a token. OpenMP waits by spinning if it isn't told
# otherwise, which makes each token ten times slower as soon as another process wants the same core, as the
# transcriber does. It reads this when it is loaded, so it must be set before llama_cpp is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
