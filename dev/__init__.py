"""Set-up, run and test tooling. ``python3 -m dev`` lists the commands."""
