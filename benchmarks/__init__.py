"""How fast the rules are, beside plain contenders. Not part of the tests: machines differ, ratios less so."""
