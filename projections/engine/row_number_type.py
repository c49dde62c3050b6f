"""The columns that number the rows of a table."""

from sqlalchemy import BigInteger, Integer

ROW_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""For a table with no other key. SQLite keeps a row under such a number itself, only if it is called an INTEGER; under
any other name it keeps an index from the number to the row as well."""
