"""The profiles of boards: what they say is what codriver, the kernel and the shell understand."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from codriver.config import load_configuration
from codriver.workshop.doctor.board import KNOWN_BOARDS

ROOT = Path(__file__).parents[2]
HARDWARE = ROOT / "hardware"
PROFILES = ("pi5-usb", "pi5-hat", "generic")
HAT_PINS = {2, 3, 18, 19, 20, 21, 23, 24, 27}
"""The GPIO lines that the Codec Zero takes, as Raspberry Pi's documentation lists them."""
CAN_PINS = {8, 9, 10, 11, 25}


def uncommented(text: str) -> str:
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


def lines_of(profile: str) -> dict[int, str]:
    """Give the GPIO lines that a profile uses, with what for."""
    data = tomllib.loads(uncommented((HARDWARE / profile / "codriver.toml").read_text()))
    controls = data.get("controls", {})
    names = [(button.get("line", ""), button["does"]) for button in controls.get("buttons", [])]
    names += [(light["name"], f"{light.get('color')} light") for light in controls.get("lights", [])]
    return {int(name.removeprefix("GPIO")): use for name, use in names if name.startswith("GPIO")}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_s_configuration_is_sound(profile: str, tmp_path: Path) -> None:
    path = HARDWARE / profile / "codriver.toml"
    load_configuration(path)
    everything = tmp_path / "codriver.toml"
    everything.write_text(uncommented(path.read_text()))
    load_configuration(everything)


@pytest.mark.parametrize("profile", ["pi5-usb", "pi5-hat"])
def test_no_line_has_two_uses(profile: str) -> None:
    used = lines_of(profile)
    assert len(used) >= 5
    assert set(used).isdisjoint(CAN_PINS | {6, 26})
    if profile == "pi5-hat":
        assert {23: "green light", 24: "red light", 27: "talk"}.items() <= used.items()
        assert set(used) - {23, 24, 27} == set(used) - HAT_PINS


@pytest.mark.parametrize("profile", ["pi5-usb", "pi5-hat"])
def test_the_drawing_shows_the_lines_of_the_profile(profile: str) -> None:
    drawing = (HARDWARE / "drawings" / f"wiring-{profile}.svg").read_text()
    for line in lines_of(profile):
        assert f">GPIO{line}<" in drawing


def test_the_drawings_are_those_of_the_script(tmp_path: Path) -> None:
    shutil.copy(HARDWARE / "drawings" / "draw.py", tmp_path)
    subprocess.run([sys.executable, tmp_path / "draw.py"], check=True)
    drawn = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert drawn == sorted(path.name for path in (HARDWARE / "drawings").glob("*.svg"))
    for name in drawn:
        assert (tmp_path / name).read_text() == (HARDWARE / "drawings" / name).read_text(), (
            "run hardware/drawings/draw.py"
        )


@pytest.mark.parametrize("path", sorted(HARDWARE.glob("*/config.txt")) + sorted((HARDWARE / "can").glob("*.txt")))
def test_boot_settings_have_the_form_of_config_txt(path: Path) -> None:
    for line in path.read_text().splitlines():
        assert re.fullmatch(r"#.*|dt(overlay|param)=[\w=,.-]+|[a-z_]+=\d+", line), line
        assert len(line) <= 120


def test_the_can_interface_listens_only() -> None:
    parser = configparser.ConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((HARDWARE / "can" / "80-can.network").read_text())
    assert parser["CAN"]["BitRate"] == "500K"
    assert parser["CAN"]["ListenOnly"] == "yes"


def test_the_rules_give_devices_to_the_service_s_group() -> None:
    rules = (HARDWARE / "udev" / "70-codriver.rules").read_text()
    for subsystem in ("gpio", "input", "spidev"):
        [rule] = [line for line in rules.splitlines() if line.startswith(f'SUBSYSTEM=="{subsystem}"')]
        assert 'GROUP:="codriver", MODE:="0660"' in rule
    assert 'ENV{ID_INPUT_KEY}=="1"' in rules


def test_every_profile_that_the_doctor_names_is_there() -> None:
    for profiles in KNOWN_BOARDS.values():
        for path in re.findall(r"hardware/[\w-]+", profiles):
            assert (ROOT / path / "codriver.toml").exists()


def install(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HARDWARE / "install", *arguments],
        env=os.environ | {"ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_profile_is_put_in_place_and_what_was_there_is_kept(tmp_path: Path) -> None:
    config = tmp_path / "boot" / "firmware" / "config.txt"
    config.parent.mkdir(parents=True)
    config.write_text("dtparam=audio=on\n")
    mine = tmp_path / "etc" / "codriver" / "codriver.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text('zone = "passenger"\n')
    assert install(tmp_path, "pi5-hat", "can", "ignition").returncode == 0
    assert mine.with_name("codriver.toml.before").read_text() == 'zone = "passenger"\n'
    assert mine.read_text() == (HARDWARE / "pi5-hat" / "codriver.toml").read_text()
    written = config.read_text()
    assert written.startswith("dtparam=audio=on\n# codriver begin\n[all]\n")
    for line in ("dtoverlay=rpi-codeczero", "dtoverlay=mcp2515-can0,oscillator=12000000,interrupt=25"):
        assert line in written.splitlines()
    assert (tmp_path / "etc/udev/rules.d/70-codriver.rules").exists()
    assert (tmp_path / "etc/systemd/network/80-can.network").exists()
    assert install(tmp_path, "pi5-usb").returncode == 0
    assert config.read_text().count("# codriver begin") == 1
    assert "codeczero" not in config.read_text()


def test_a_board_without_config_txt_gets_the_rest(tmp_path: Path) -> None:
    done = install(tmp_path, "generic")
    assert done.returncode == 0
    assert (tmp_path / "etc/codriver/codriver.toml").exists()


@pytest.mark.parametrize("arguments", [(), ("pi6",), ("pi5-usb", "rocket"), ("../etc",)])
def test_what_makes_no_sense_changes_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = install(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "script", [HARDWARE / "install", *sorted(HARDWARE.glob("*/mixer.sh"))], ids=lambda path: path.parent.name
)
def test_the_scripts_are_shell(script: Path) -> None:
    subprocess.run(["/bin/sh", "-n", script], check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", script], check=True)
