"""Tests of the sandbox: its Bot API with the real client over HTTP, and its page in a real browser."""
