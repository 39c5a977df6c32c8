#!/bin/sh
# The levels of a Raspberry Pi Codec Zero: its own microphone in, its loudspeaker terminal out. Run it once as root;
# alsactl keeps them from then on. The values are those that Raspberry Pi publishes for this use (Pi-Codec).
# usage: mixer.sh [CARD]
set -eu
card=${1:-Zero}

set_control() { amixer -q -c "$card" cset name="$1" "$2"; }

# microphone: 24 dB, then 6 dB, then the converter
set_control 'Onboard MIC Switch' on
set_control 'Mic 2 Switch' on
set_control 'Mic 2 Volume' 5
set_control 'Mixin Left Mic 2 Switch' on
set_control 'Mixin Right Mic 2 Switch' on
set_control 'Mixin PGA Switch' on,on
set_control 'Mixin PGA Volume' 7,7
set_control 'ADC Switch' on,on
set_control 'ADC Volume' 114,114
set_control 'DAI Left Source MUX' 'ADC Left'
set_control 'DAI Right Source MUX' 'ADC Right'

# loudspeaker: both channels as one, 0 dB
set_control 'DAC Left Source MUX' 'DAI Input Left'
set_control 'DAC Right Source MUX' 'DAI Input Right'
set_control 'DAC Volume' 112,112
set_control 'DAC Mono Switch' on,on
set_control 'Mixout Left DAC Left Switch' on
set_control 'Mixout Right DAC Right Switch' on
set_control 'Lineout Switch' on
set_control 'Lineout Volume' 48
set_control 'Headphone Switch' off,off
set_control 'Aux Switch' off,off

alsactl store "$card"
