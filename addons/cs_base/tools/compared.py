"""Which fields of a matter are compared when two people edit it."""

#: Types of fields that are compared. Lists aren't: lines added by two people both stay.
COMPARED = frozenset(
    {
        "boolean",
        "char",
        "date",
        "datetime",
        "float",
        "html",
        "integer",
        "many2one",
        "many2one_reference",
        "monetary",
        "reference",
        "selection",
        "text",
    }
)
