"""The command line: thin commands over ``baoquan_rules.api``."""
