"""What happens on its own. APScheduler is only the clock: its jobs are ticks that look for due rows."""
