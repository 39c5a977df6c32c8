#!/bin/sh
# The levels of a USB microphone array. Run it once as root; alsactl keeps them from then on.
# usage: mixer.sh [CARD]
set -eu
card=${1:-ArrayUAC10}

# The ReSpeaker array governs its own microphones and has no capture control; its loudspeaker has one or none.
amixer -q -c "$card" sset PCM 80% unmute 2>/dev/null ||
    amixer -q -c "$card" sset Headset 80% unmute 2>/dev/null ||
    echo "$card has no volume of its own: that is as it should be."
amixer -q -c "$card" sset Mic 75% cap 2>/dev/null || true
alsactl store "$card"
