"""Files that people get: forms for Word and Excel, pictures, calendars. Pure: values in, bytes out.

The libraries behind them are heavy, so each is imported inside the function that needs it, and `process` runs these
functions in a process of their own.
"""
