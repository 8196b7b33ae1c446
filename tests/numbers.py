"""The valid citizen service numbers (BSN) of the tests: these and no other pass the eleven test in this repository.

They stand only here, and `tests/test_house.py` looks for others. They were made up by counting upwards, for tests that
need a number that is taken; whoever may bear one of them is not meant. Invented numbers that fail the test, such as
900000001, serve wherever that is enough.
"""

from __future__ import annotations

from typing import Final

VALID: Final = ("999990019", "999990020", "999990032")
