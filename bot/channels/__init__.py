"""The only code that knows a messenger: payload to values at the door, values to API calls at the exit."""
