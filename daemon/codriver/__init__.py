"""codriver: an offline voice assistant for the car. It hears, understands, acts, speaks."""

import os

# ONNX Runtime tells its makers of each start, unless it is told not to before it is imported. Nothing here calls home.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
