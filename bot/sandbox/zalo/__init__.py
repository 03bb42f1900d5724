"""The Zalo Bot Platform as far as it is known, on this machine. README.md lists what nobody has verified."""
