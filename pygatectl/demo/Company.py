# ruff: noqa: N999 - the demo's published name
"""The employer of the demo's Person."""


class Company:
    def __init__(self, name="InterSystems"):
        self.name = name

    def displayEmployer(self):  # noqa: N802 - the demo's published name
        """One line about the company."""
        return "employer: " + self.name
