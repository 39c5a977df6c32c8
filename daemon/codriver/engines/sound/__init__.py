"""The process that holds microphones and loudspeaker: PortAudio, and libspeexdsp against the echo."""
