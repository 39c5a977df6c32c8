"""The voice process: text in, speech out, over the Wyoming protocol. Piper or Kokoro does the speaking.

Piper and the phonemizer that Kokoro uses are under the GPL. They are imported by this process and by nothing
else of codriver, which talks to it over a socket.
"""
