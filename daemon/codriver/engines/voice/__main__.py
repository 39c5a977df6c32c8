"""``python -m codriver.engines.voice``: load a voice, warm it, serve it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from codriver.engines.server import engine_arguments, serve
from codriver.engines.voice.handler import VoiceHandler
from codriver.engines.voice.synthesizer import Synthesizer, UnknownVoiceError, return_free_memory
from codriver.errors import CodriverError, ConfigurationError, ModelError

_LOG = logging.getLogger("codriver.engines.voice")
_WARM_UP = {"zh": "你好。"}


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM. Returns 1, with a sentence on stderr, where the voice can't be loaded."""
    arguments = _arguments().parse_args(argv)
    return_free_memory()
    try:
        model = _load(arguments)
    except CodriverError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # The first run of a model is far slower than the next: it is made before anybody can ask.
    for _ in model.speak(_WARM_UP.get(arguments.language, "Hello."), model.default_voice):
        pass
    busy = asyncio.Lock()
    serve(arguments, lambda reader, writer: VoiceHandler(reader, writer, model=model, busy=busy))
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = engine_arguments(__doc__ or "")
    parser.add_argument("--engine", choices=("piper", "kokoro"), required=True)
    parser.add_argument("--model", type=Path, required=True, help="the ONNX file")
    parser.add_argument(
        "--voices", type=Path, help="the folder of Kokoro's voices; voices/ beside the model if not given"
    )
    parser.add_argument("--voice", help="the voice that speaks when none is asked for")
    parser.add_argument("--language", required=True, help="what it speaks, such as en or zh")
    parser.add_argument("--speed", type=float, default=1.0, help="1 is the voice's own; from 0.5 to 2")
    return parser


def _load(arguments: argparse.Namespace) -> Synthesizer:
    if not 0.5 <= arguments.speed <= 2.0:
        raise ConfigurationError(f"The speed of a voice is from 0.5 to 2, not {arguments.speed}.")
    if not arguments.model.is_file():
        raise ModelError(f"The voice model {arguments.model} is missing; `codriver models pull` fetches it.")
    threads: int = arguments.threads
    try:
        if arguments.engine == "piper":
            from codriver.engines.voice.piper import Piper

            return Piper(arguments.model, arguments.language, threads, arguments.speed)
        from codriver.engines.voice.kokoro import Kokoro

        if not arguments.voice:
            raise ConfigurationError("Kokoro needs --voice.")
        voices = arguments.voices or arguments.model.parent / "voices"
        return Kokoro(arguments.model, voices, arguments.voice, threads, arguments.speed)
    except UnknownVoiceError as error:
        raise ModelError(f"{error} `codriver models pull` fetches the voices.") from error


if __name__ == "__main__":
    sys.exit(main())
