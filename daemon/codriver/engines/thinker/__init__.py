"""The thinker: a language model that turns a sentence into tool calls, in a process of its own."""

from __future__ import annotations

import os

# llama.cpp's threads wait for each other hundreds of times a token. OpenMP's default is to wait spinning for a long
# time, which makes each token ten times slower as soon as another process wants the same core. A thousand rounds
# are as fast on idle cores (78 ms a token against 100 ms without spinning) and cost nothing on busy ones. It is
# read when the library is loaded, so it must be set before llama_cpp is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
