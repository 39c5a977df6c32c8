#!/bin/sh
# Levels to begin with on any sound card. Run it once as root, then `codriver doctor`, which listens whether the
# microphone is silent or overdriven.
# usage: mixer.sh [CARD]
set -eu
card=${1:-0}

for control in Capture Mic 'Internal Mic' 'Front Mic'; do
    amixer -q -c "$card" sset "$control" 75% cap 2>/dev/null || true
done
for control in Master PCM Speaker Headphone; do
    amixer -q -c "$card" sset "$control" 80% unmute 2>/dev/null || true
done
alsactl store "$card"
