"""The search index: what of OpenStreetMap can be looked for, and how it is written.

Nothing is imported here: searching needs the schema and the sounds, but not what reads OpenStreetMap files.
"""
