"""What both a person and the clock can cause: session in, rows and outbox out, never a commit."""
