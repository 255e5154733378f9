"""Reports on paper, made from chance: form × file kind × layout × label noise × number style.

Written from the printed forms and from published reports, never from the reader's own data, so that the reader is held
to something outside itself. ``python -m tests.generator --examples 200`` reads some hundred of every kind.
"""
