"""What `recorder doctor` looks at: each check gives findings, and changes nothing.

`inventory` lists the checks. What may hang or crash runs in a process of its own. A finding
holds names, versions and counts; never what was recorded, typed or shown.
"""
