"""Proves codriver on aarch64 where there is no board: an emulated arm64 Debian hears, understands, acts, speaks."""
