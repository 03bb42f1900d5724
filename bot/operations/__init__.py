"""What keeps an installation going: backups, restoring, moving, handing out, and what it shows of its health."""
