"""What is played, sample by sample."""

from __future__ import annotations

from array import array

import pytest
from codriver.engines.sound.events import Played
from codriver.engines.sound.playlist import Playlist
from codriver.engines.sound.speex import Samples
from codriver.errors import AudioError

RATE = 48_000
PIECE = 480


def sound(value: int, count: int = PIECE) -> Samples:
    return array("h", [value] * count)


def heard(playlist: Playlist, pieces: int = 1, at: float = 0.0) -> list[int]:
    out: list[int] = []
    for number in range(pieces):
        out.extend(playlist.fill(PIECE, at + number * PIECE / RATE)[0])
    return out


@pytest.fixture
def playlist() -> Playlist:
    playlist = Playlist(RATE)
    for name, value in (("a", 100), ("b", 200)):
        playlist.begin(name, RATE)
        playlist.add(name, sound(value, 2 * PIECE))
        playlist.finish(name)
    return playlist


def test_sounds_are_played_one_after_the_other(playlist: Playlist) -> None:
    assert heard(playlist, 5) == [100] * 960 + [200] * 960 + [0] * 480
    assert not playlist


def test_each_is_over_when_its_last_sample_has_sounded(playlist: Playlist) -> None:
    assert playlist.over() == []
    heard(playlist, 2, at=5.0)
    [(played, until)] = playlist.over()
    assert (played.id, played.first_sound_at, played.seconds, played.interrupted) == ("a", 5.0, 0.02, False)
    assert until == pytest.approx(5.02)
    assert playlist.over() == []


def test_one_that_is_held_lets_the_next_pass_and_goes_on_where_it_was(playlist: Playlist) -> None:
    heard(playlist)
    playlist.hold("a", held=True)
    faded = heard(playlist)[:240]
    assert faded == sorted(faded, reverse=True)
    assert heard(playlist)[-1] == 200
    playlist.hold("a", held=False)
    assert set(heard(playlist)) == {100, 200}


def test_one_that_is_cut_fades_at_once_and_is_over(playlist: Playlist) -> None:
    heard(playlist)
    playlist.cut("a")
    rest = heard(playlist)
    assert rest[0] == 100
    assert rest[:240] == sorted(rest[:240], reverse=True)
    assert rest[240:] == [200] * 240
    [(played, _)] = playlist.over()
    assert (played.id, played.interrupted) == ("a", True)
    assert played.seconds == pytest.approx(0.015)


def test_one_that_is_cut_before_it_began_was_never_heard(playlist: Playlist) -> None:
    playlist.cut("b")
    [(played, _)] = playlist.over()
    assert (played.id, played.first_sound_at, played.seconds) == ("b", None, 0.0)
    assert 200 not in heard(playlist, 5)


def test_a_voice_that_stumbles_is_waited_for(playlist: Playlist) -> None:
    slow = Playlist(RATE)
    slow.begin("a", RATE)
    assert slow.fill(PIECE, 0.0) == (sound(0), False)
    slow.add("a", sound(5, 100))
    samples, missing = slow.fill(PIECE, 0.0)
    assert (samples[:100], missing) == (sound(5, 100), True)
    slow.add("a", sound(6))
    assert slow.fill(PIECE, 0.0) == (sound(6), False)


def test_another_rate_is_changed() -> None:
    playlist = Playlist(RATE)
    playlist.begin("a", 16_000)
    playlist.add("a", sound(1000, 1600))
    playlist.finish("a")
    assert sum(sample > 900 for sample in heard(playlist, 20)) == pytest.approx(4800, abs=100)


def test_a_rate_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(AudioError):
        Playlist(RATE).begin("a", 0)


def test_what_cannot_be_played_is_dropped(playlist: Playlist) -> None:
    heard(playlist)
    assert playlist.clear() == [Played("a", 0.0, PIECE / RATE), Played("b", None, 0.0)]
    assert not playlist
