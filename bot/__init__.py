"""Sổ Tin: a chat bot that keeps the ledger of official posts for public bodies in Vietnam."""
