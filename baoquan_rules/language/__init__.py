"""The expression language: types, kernel nodes, operators, parser."""
