from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from codriver.errors import EngineError
from codriver.speaking.voice import LONGEST_TEXT, AudioBlock, VoiceEndpoint, Voices
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import async_write_event
from wyoming.tts import Synthesize


def voices(beeper: Any, **options: Any) -> Voices:
    return Voices({"en": VoiceEndpoint(beeper.uri)}, default="en", **options)


async def spoken(voice: Voices, text: str, language: str = "en") -> list[AudioBlock]:
    return [block async for block in voice.speak(text, language)]


async def test_text_is_spoken_in_words_and_sentence_by_sentence(beeper: Any) -> None:
    blocks = await spoken(voices(beeper), "It is 22.5 °C. The battery is at 70%.")
    assert beeper.asked == [
        "It is twenty-two point five degrees Celsius.",
        "The battery is at seventy percent.",
    ]
    assert blocks == [AudioBlock(b"\x10\x00" * 100, 16_000)] * 2
    assert blocks[0].seconds == 100 / 16_000


async def test_the_first_sound_comes_before_the_second_sentence_is_made(beeper: Any) -> None:
    may_go_on = asyncio.Event()

    async def answer(request: Synthesize, writer: asyncio.StreamWriter) -> None:
        if request.text == "Two.":
            await may_go_on.wait()
        await beeper.beep(request, writer)

    beeper.answer = answer
    speech = voices(beeper).speak("One. Two.", "en")
    assert (await anext(speech)).pcm
    may_go_on.set()
    assert [block async for block in speech]


async def test_the_second_sentence_is_made_while_the_first_plays(beeper: Any) -> None:
    asked_for_two = asyncio.Event()

    async def answer(request: Synthesize, writer: asyncio.StreamWriter) -> None:
        if request.text == "Two.":
            asked_for_two.set()
        await beeper.beep(request, writer)

    beeper.answer = answer
    speech = voices(beeper).speak("One. Two.", "en")
    await anext(speech)
    await asyncio.wait_for(asked_for_two.wait(), 5)
    await speech.aclose()


async def test_closing_stops_the_voice_and_leaves_the_server(beeper: Any) -> None:
    async def answer(request: Synthesize, writer: asyncio.StreamWriter) -> None:
        await beeper.beep(request, writer)
        if request.text == "Two.":
            await asyncio.sleep(60)

    beeper.answer = answer
    speech = voices(beeper).speak("One. Two. Three.", "en")
    await anext(speech)
    await speech.aclose()
    assert "Three." not in beeper.asked


async def test_a_language_has_its_voice_and_others_the_default(beeper: Any, caplog: pytest.LogCaptureFixture) -> None:
    speaker = Voices({"en": VoiceEndpoint(beeper.uri, "amy"), "zh": VoiceEndpoint(beeper.uri, "mei")}, default="en")
    with caplog.at_level(logging.WARNING):
        await spoken(speaker, "好的。", "zh-CN")
        assert not caplog.records
        await spoken(speaker, "Hyvä.", "fi")
    assert beeper.voices == ["mei", "amy"]
    assert [record.getMessage() for record in caplog.records] == [
        "No voice speaks the language; the default voice does"
    ]


async def test_long_text_is_cut(beeper: Any) -> None:
    await spoken(voices(beeper), "word " * 20_000)
    assert len(" ".join(beeper.asked)) <= LONGEST_TEXT


@pytest.mark.parametrize("text", ["", "  ", "...", "?!\x07"])
async def test_nothing_to_say_asks_no_voice(beeper: Any, text: str) -> None:
    assert await spoken(voices(beeper), text) == []
    assert beeper.asked == []


async def test_stereo_of_8_bits_becomes_int16_mono(beeper: Any) -> None:
    async def answer(request: Synthesize, writer: asyncio.StreamWriter) -> None:
        chunk = AudioChunk(rate=8000, width=1, channels=2, audio=b"\x80\x80" * 50)
        for event in (AudioStart(8000, 1, 2).event(), chunk.event(), AudioStop().event()):
            await async_write_event(event, writer)

    beeper.answer = answer
    assert await spoken(voices(beeper), "Hello.") == [AudioBlock(bytes(100), 8000)]


async def test_an_error_comes_behind_what_was_spoken(beeper: Any) -> None:
    async def answer(request: Synthesize, writer: asyncio.StreamWriter) -> None:
        if request.text == "Two.":
            await async_write_event(Error(text="out of breath").event(), writer)
        else:
            await beeper.beep(request, writer)

    beeper.answer = answer
    speech = voices(beeper).speak("One. Two.", "en")
    assert (await anext(speech)).pcm
    with pytest.raises(EngineError, match="out of breath"):
        await anext(speech)


async def test_a_voice_that_dies_is_an_error(beeper: Any) -> None:
    async def answer(request: Synthesize, writer: asyncio.StreamWriter) -> None:
        writer.close()

    beeper.answer = answer
    with pytest.raises(EngineError):
        await spoken(voices(beeper), "Hello.")


async def test_a_voice_that_never_answers_is_an_error(beeper: Any) -> None:
    async def answer(request: Synthesize, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    beeper.answer = answer
    with pytest.raises(EngineError, match="in time"):
        await spoken(voices(beeper, sentence_timeout=0.1), "Hello.")


@pytest.mark.parametrize("uri", ["unix:///nowhere/voice.sock", "tcp://127.0.0.1:1", "gopher://x", "tcp://x"])
async def test_a_voice_that_is_not_there_is_an_error(uri: str, tmp_path: Path) -> None:
    speaker = Voices({"en": VoiceEndpoint(uri)}, default="en")
    with pytest.raises(EngineError, match="can't be used"):
        await spoken(speaker, "Hello.")
