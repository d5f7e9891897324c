"""Modules whose objects the programs use; Python 3.6 can read them all but `data_classes`, which needs 3.7."""
